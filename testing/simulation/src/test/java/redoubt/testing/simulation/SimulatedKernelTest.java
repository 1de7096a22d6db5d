package redoubt.testing.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import redoubt.agent.hook.EventSource;
import redoubt.agent.hook.FileFacts;
import redoubt.core.model.EventClass;
import redoubt.testing.testkit.SimulatedFile;
import redoubt.testing.testkit.SimulatedKernel;
import redoubt.testing.testkit.SimulatedOpener;
import redoubt.testing.testkit.SimulatedOpener.Outcome;
import redoubt.testing.testkit.SimulatedTime;

/// The simulated kernel notices what it is there to notice, and leases and times are as the real
/// one's (`linux-hooks`, F3, F4, F32, F33).
class SimulatedKernelTest {
  private final SimulatedTime time = new SimulatedTime();
  private final SimulatedKernel kernel = new SimulatedKernel(time, 8, SimulatedKernel.UNLIMITED);
  private final EventSource source = kernel.openSource();

  @Test
  void aDescriptorIsAnsweredOnceAndClosedOnceAfterwards() {
    SimulatedOpener opener = ask(file(true));
    assertEquals(1, source.read(64));
    int descriptor = source.descriptor(0);
    assertThrows(AssertionError.class, kernel::requireQuiet);
    assertThrows(AssertionError.class, () -> kernel.answer(descriptor + 7, true));
    assertEquals(0, kernel.answer(descriptor, true));
    assertEquals(Outcome.ALLOWED, opener.outcome());
    assertThrows(AssertionError.class, () -> kernel.answer(descriptor, true));
    assertThrows(AssertionError.class, kernel::requireQuiet);
    kernel.release(descriptor);
    kernel.release(source.pidfd(0));
    assertThrows(AssertionError.class, () -> kernel.release(descriptor));
    kernel.requireQuiet();
  }

  @Test
  void nobodyIsForgottenBehindAClosedDescriptor() {
    ask(file(true));
    source.read(64);
    assertThrows(AssertionError.class, () -> kernel.release(source.descriptor(0)));
  }

  @Test
  void withoutDescriptorsTheKernelDenies() {
    SimulatedFile file = file(true);
    for (int i = 0; i < 5; i++) {
      ask(file);
    }
    assertEquals(5, source.read(64));
    assertTrue(source.descriptor(3) >= 0);
    assertTrue(source.descriptor(4) < 0);
    assertEquals(Outcome.DENIED_BY_KERNEL, kernel.openers().get(4).outcome());
  }

  @Test
  void aLeaseKeepsWritersOutUntilItIsGivenBack() {
    SimulatedFile file = file(true);
    ask(file);
    source.read(64);
    int descriptor = source.descriptor(0);
    assertEquals(0, kernel.takeLease(descriptor));
    List<String> happened = new ArrayList<>();
    SimulatedFile.Writer writer = file.openForWriting(() -> happened.add("opened"));
    assertFalse(kernel.leaseHeld(descriptor), "a writer waits");
    time.advance(1_000_000_000L);
    assertEquals(List.of(), happened);
    kernel.releaseLease(descriptor);
    time.advance(0);
    assertEquals(List.of("opened"), happened);
    assertTrue(kernel.takeLease(descriptor) < 0, "open for writing");
    writer.close();
    assertEquals(0, kernel.takeLease(descriptor));
  }

  @Test
  void aStoreThroughAMappingShowsOnDiskOnly() {
    assertTrue(showsStore(file(true)));
    assertFalse(showsStore(file(false)));
  }

  private boolean showsStore(SimulatedFile file) {
    ask(file);
    source.read(64);
    FileFacts before = facts();
    SimulatedFile.Writer writer = file.openForWriting(() -> {});
    time.advance(10_000_000L);
    writer.store(0, (byte) 1);
    return before.changeNanos() != facts().changeNanos();
  }

  private FileFacts facts() {
    FileFacts facts = new FileFacts();
    kernel.describeFile(source.descriptor(0), facts);
    return facts;
  }

  private SimulatedOpener ask(SimulatedFile file) {
    return kernel.ask(file, EventClass.EXEC, 1000, "/bin/sh");
  }

  private SimulatedFile file(boolean disk) {
    return kernel.create(new SimulatedFile.Kind(1, 1, "/x", disk, true), new byte[4]);
  }
}
