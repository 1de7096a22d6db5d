package redoubt.testing.benchmarks;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import redoubt.agent.hook.EventSource;
import redoubt.agent.hook.FileFacts;
import redoubt.agent.hook.Kernel;
import redoubt.agent.hook.Operation;
import redoubt.core.model.EventClass;

/// A kernel in which the same program is executed again and again, at no cost of its own: what is
/// left is the cost of the decision. For one thread.
final class EndlessKernel implements Kernel {
  private static final long ONE_DAY_AGO_NANOS =
      (System.currentTimeMillis() - 86_400_000L) * 1_000_000L;
  private static final int CONTENT_BYTES = 4_096;

  private int nextDescriptor = 10;
  private long changes;
  private long answers;

  /// The program's content is a new one from now on, which nothing has judged.
  void changeContent() {
    changes++;
  }

  /// How many operations were answered.
  long answers() {
    return answers;
  }

  @Override
  public EventSource openSource() {
    return new Source();
  }

  @Override
  public int answer(int descriptor, boolean allow) {
    answers++;
    return 0;
  }

  @Override
  public void release(int descriptor) {}

  @Override
  public int describeFile(int descriptor, FileFacts into) {
    long changed = ONE_DAY_AGO_NANOS + changes;
    into.set(1, 2, changed, changed, 1, CONTENT_BYTES, true, true, true);
    return 0;
  }

  @Override
  public int takeLease(int descriptor) {
    return 0;
  }

  @Override
  public boolean leaseHeld(int descriptor) {
    return true;
  }

  @Override
  public void releaseLease(int descriptor) {}

  @Override
  public int read(int descriptor, MemorySegment into, long offset) {
    if (offset >= CONTENT_BYTES) {
      return 0;
    }
    into.set(ValueLayout.JAVA_LONG, 0, changes);
    return CONTENT_BYTES;
  }

  @Override
  public String path(int descriptor) {
    return "/usr/bin/true";
  }

  @Override
  public String image(int pid) {
    return "/usr/bin/make";
  }

  @Override
  public int kill(int pidfd) {
    return 0;
  }

  @Override
  public void close() {}

  private final class Source implements EventSource {
    @Override
    public boolean await(int timeoutMillis) {
      return true;
    }

    @Override
    public int read(int most) {
      nextDescriptor = nextDescriptor >= 1_000_000 ? 10 : nextDescriptor + 2;
      return 1;
    }

    @Override
    public boolean isOverflow(int i) {
      return false;
    }

    @Override
    public EventClass eventClass(int i) {
      return EventClass.EXEC;
    }

    @Override
    public int descriptor(int i) {
      return nextDescriptor;
    }

    @Override
    public int pidfd(int i) {
      return nextDescriptor + 1;
    }

    @Override
    public int pid(int i) {
      return 4_711;
    }

    @Override
    public void describe(int i, Operation into) {
      describeFile(nextDescriptor, into.file());
      into.setProcess(_ -> 99, 1, 1_000, 1_000, 1_000, 7);
    }

    @Override
    public void close() {}
  }
}
