package redoubt.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/// Takes what an instance of the kernel's tracing has recorded out of its buffers, of which each
/// processor has one. One thread reads; not thread-safe, though another may make it.
public final class TraceReader implements AutoCloseable {
  /// How much is taken from one processor's buffer before it is another's turn.
  private static final int PAGES = 256;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment buffer;
  private final TracePage page;
  private final TraceRecord record;
  private final List<OwnedDescriptor> processors;
  private final Poller poller = Poller.open();
  private final Poller.Wait wait = poller.openWait(1);
  private long lost;

  /// @param descriptors what each processor's buffer is read from, which are the reader's to close
  /// @param pageBytes how much is read at once
  /// @param dataOffset where records start in that
  TraceReader(List<Integer> descriptors, int pageBytes, int dataOffset) {
    processors = descriptors.stream().map(OwnedDescriptor::new).toList();
    buffer = arena.allocate(pageBytes, Long.BYTES);
    page = new TracePage(buffer, dataOffset);
    record = new TraceRecord(buffer, page);
    descriptors.forEach(descriptor -> poller.add(descriptor, 0));
  }

  /// Waits until something was recorded.
  ///
  /// @param timeoutMillis at most so long, -1 for ever
  /// @return whether something may be there
  public boolean await(int timeoutMillis) {
    return wait.await(timeoutMillis) > 0;
  }

  /// Takes what is there now; does not block. Records of one processor come in their order, those
  /// of several do not.
  ///
  /// @param taker may use the record it gets until it returns
  public void read(Consumer<TraceRecord> taker) {
    for (OwnedDescriptor processor : processors) {
      for (int i = 0; i < PAGES && readPage(processor); i++) {
        while (page.next()) {
          taker.accept(record);
        }
      }
    }
  }

  private boolean readPage(OwnedDescriptor processor) {
    int bytes = SystemCall.READ.call(processor.number(), buffer.address(), buffer.byteSize());
    page.load(bytes);
    lost += page.missed();
    return bytes > 0;
  }

  /// How many records at least were overwritten before they were read.
  public long lost() {
    return lost;
  }

  /// Lets the buffers go; what they hold is lost. No thread may wait or read any more.
  @Override
  public void close() {
    wait.close();
    poller.close();
    processors.forEach(OwnedDescriptor::close);
    arena.close();
  }
}
