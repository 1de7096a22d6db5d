package redoubt.core.linux;

import java.lang.reflect.Method;
import java.util.concurrent.TimeUnit;

/// Measures how much the calls of the answering thread allocate, in a virtual machine of its own.
final class HotPathAllocation {
  private static final int WARM_UP = 40_000;
  private static final int MEASURED = 10_000;

  private HotPathAllocation() {}

  /// Prints the bytes that [#MEASURED] rounds allocated.
  static void measure(String path) throws ReflectiveOperationException {
    // by reflection, since the room under test does not require the management module
    Class<?> type = Class.forName("com.sun.management.ThreadMXBean");
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method allocated = type.getMethod("getCurrentThreadAllocatedBytes");
    Child.print("ready");
    try (Round round = new Round(path)) {
      for (int i = 0; i < WARM_UP; i++) {
        round.run();
      }
      long before = (long) allocated.invoke(bean);
      for (int i = 0; i < MEASURED; i++) {
        round.run();
      }
      long after = (long) allocated.invoke(bean);
      Child.print(Long.toString(after - before));
    }
  }

  /// Every hot-path call once, without anybody who waits.
  private static final class Round implements AutoCloseable {
    private final FanotifyGroup group = FanotifyGroup.openPermission();
    private final FanotifyReader reader = new FanotifyReader(group, 8);
    private final FanotifyResponder responder = new FanotifyResponder(group);
    private final FileStatus file = new FileStatus();
    private final ProcessStatus process = new ProcessStatus();
    private final Pidfd self = Pidfd.open((int) ProcessHandle.current().pid()).orElseThrow();
    private final KernelTimer timer = KernelTimer.killing();
    private final Poller poller = Poller.open();
    private final Poller.Wait wait = poller.openWait(4);
    private final EventSignal signal = EventSignal.open();
    private final int descriptor;
    private long sum;

    Round(String path) {
      descriptor = Descriptors.openReadOnly(path);
      poller.add(signal.descriptor(), 1);
    }

    void run() {
      sum += timer.arm(TimeUnit.MINUTES.toNanos(1));
      sum += signal.raise();
      sum += wait.await(0) + wait.token(0);
      sum += signal.drain();
      sum += reader.read(8);
      sum += file.load(descriptor) + file.changeNanos() + file.device() + file.mode();
      sum += process.load(self.descriptor()) + process.uid() + process.cgroupId();
      sum += ProcessStatus.uniqueId(self.descriptor());
      sum += responder.answer(descriptor, true);
      sum += FileLease.take(descriptor) + FileLease.release(descriptor);
      sum += FileSystemType.magic(descriptor);
      sum += Descriptors.close(-1);
    }

    @Override
    public void close() {
      poller.close();
      timer.close();
      group.close();
      if (sum == 0) {
        throw new IllegalStateException("nothing was measured");
      }
    }
  }
}
