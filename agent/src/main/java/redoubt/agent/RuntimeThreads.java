package redoubt.agent;

import java.io.IOException;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.Scheduling;

/// The threads of the virtual machine itself, found by the names that it gives them.
final class RuntimeThreads {
  private static final String TASKS = "/proc/self/task";
  private static final String COLLECTOR = "VM Thread";
  private static final String COMPILERS = "C[12] Compiler.*";

  private RuntimeThreads() {}

  /// Gives each its place once the agent is warm: a collection stops the threads that answer, so it
  /// runs as urgently as they do; what is still to be compiled can wait for the host's own work.
  /// What cannot be found or changed stays as it is.
  ///
  /// @param priority the real-time priority of the threads that answer
  /// @param compilersNice the compilers' share among ordinary threads, -20 (most) to 19 (least)
  static void arrange(int priority, int compilersNice) {
    try {
      for (int thread : KernelFile.numbers(TASKS)) {
        String name = KernelFile.read(TASKS + "/" + thread + "/comm").strip();
        if (name.equals(COLLECTOR)) {
          Scheduling.realtime(thread, priority);
        } else if (name.matches(COMPILERS)) {
          Scheduling.background(thread, compilersNice);
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
