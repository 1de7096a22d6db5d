package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PollerTest {
  @Test
  void readableDescriptorsAreReportedByTheirTokens() {
    try (Poller poller = Poller.open();
        Poller.Wait wait = poller.openWait(4);
        EventSignal one = EventSignal.open();
        EventSignal two = EventSignal.open()) {
      poller.add(one.descriptor(), -17);
      poller.add(two.descriptor(), 4711);
      assertEquals(0, wait.await(0));
      assertEquals(0, two.raise());
      assertEquals(1, wait.await(1000));
      assertEquals(4711, wait.token(0));
      assertEquals(1, wait.await(1000)); // for as long as it is raised
      assertEquals(0, one.raise());
      assertEquals(0, one.raise());
      assertEquals(2, wait.await(1000));
      assertEquals(Set.of(-17, 4711), Set.of(wait.token(0), wait.token(1)));
      assertEquals(0, one.drain());
      assertEquals(0, one.drain());
      poller.remove(two.descriptor());
      assertEquals(0, wait.await(10));
      assertThrows(LinuxException.class, () -> poller.remove(two.descriptor()));
    }
  }

  @Test
  void somethingNewIsReportedOnce() {
    try (Poller poller = Poller.open();
        Poller.Wait wait = poller.openWait(4);
        Poller.Wait other = poller.openWait(4);
        EventSignal signal = EventSignal.open()) {
      poller.addEdge(signal.descriptor(), 3);
      assertEquals(0, wait.await(0));
      assertEquals(0, signal.raise());
      assertEquals(1, wait.await(1000));
      assertEquals(3, wait.token(0));
      assertEquals(0, other.await(10)); // though nobody has read it
      assertEquals(0, wait.await(10));
      assertEquals(0, signal.raise());
      assertEquals(1, other.await(1000));
    }
  }

  @Test
  void severalThreadsWaitAtOnceAndEachEventIsTakenOnce() throws Exception {
    int rounds = 200;
    AtomicInteger taken = new AtomicInteger();
    try (Poller poller = Poller.open();
        EventSignal stop = EventSignal.open()) {
      SeqPacketSocket[] pair = SeqPacketSocket.pair();
      poller.add(pair[1].descriptor(), 1);
      poller.add(stop.descriptor(), 0);
      Thread[] threads = new Thread[3];
      for (int i = 0; i < threads.length; i++) {
        threads[i] = Thread.ofPlatform().start(() -> takeAll(poller, pair[1], taken));
      }
      for (int i = 0; i < rounds; i++) {
        assertEquals(0, pair[0].send(new byte[] {1}, 1, new int[0], 0, true));
      }
      while (taken.get() < rounds) {
        Thread.onSpinWait();
      }
      stop.raise();
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(rounds, taken.get());
      pair[0].close();
      pair[1].close();
    }
  }

  private static void takeAll(Poller poller, SeqPacketSocket socket, AtomicInteger taken) {
    try (Poller.Wait wait = poller.openWait(1);
        ReceiveBuffer buffer = new ReceiveBuffer(8, 0)) {
      while (wait.await(-1) != 1 || wait.token(0) == 1) {
        if (socket.receiveNow(buffer) > 0) {
          taken.incrementAndGet();
        }
      }
    }
  }
}
