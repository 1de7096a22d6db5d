package redoubt.agent;

import java.io.IOException;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.Scheduling;

/// The threads of the virtual machine itself, found by the names that it gives them.
final class RuntimeThreads {
  private static final String TASKS = "/proc/self/task";
  private static final String COLLECTOR = "VM Thread";

  /// What compiles, and what gives freed memory back to the kernel (`Native Heap Trimmer`).
  private static final String WORKERS = "C[12] Compiler.*|Native Heap Tri.*";

  private static final int MOST_URGENT_NICE = -20;

  private RuntimeThreads() {}

  /// Gives each its place once the agent is warm.
  ///
  /// A collection stops the threads that answer, so it runs as urgently as they do. Workers take
  /// locks that every thread needs now and then: that of the compilers' queue and those of the
  /// memory allocator. On a busy host one that gives way keeps such a lock for half a second, so
  /// workers stay ordinary threads, since they work for long, but the last to wait.
  ///
  /// What cannot be found or changed stays as it is.
  ///
  /// @param priority the real-time priority of the threads that answer
  static void arrange(int priority) {
    try {
      for (int thread : KernelFile.numbers(TASKS)) {
        String name = KernelFile.read(TASKS + "/" + thread + "/comm").strip();
        if (name.equals(COLLECTOR)) {
          Scheduling.realtime(thread, priority);
        } else if (name.matches(WORKERS)) {
          Scheduling.foreground(thread, MOST_URGENT_NICE);
        }
      }
    } catch (IOException _) {
      // a thread that has just ended needs no place
      return;
    }
  }

  /// Starts work that nobody waits for.
  static Thread background(String name, Runnable work) {
    return Thread.ofPlatform()
        .name(name)
        .daemon()
        .start(() -> {
          Scheduling.normal();
          work.run();
        });
  }
}
