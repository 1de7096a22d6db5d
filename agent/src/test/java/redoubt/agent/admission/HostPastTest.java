package redoubt.agent.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;

class HostPastTest {
  private static List<HostEvent> batch(long nanos) {
    return List.of(new HostEvent.ProcessStart(nanos, ProcessInfo.UNKNOWN, ProcessInfo.UNKNOWN));
  }

  private static HostPast past(int batches) {
    List<List<HostEvent>> all = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      all.add(batch(i));
    }
    return new HostPast(List.of(), all::iterator, () -> {});
  }

  private static List<Long> times(HostPast past) {
    List<Long> times = new ArrayList<>();
    past.events().get().forEachRemaining(batch -> times.add(batch.getFirst().timeNanos()));
    return times;
  }

  @Test
  void itsPartsTogetherHaveAllEventsAndNoneTwice() {
    for (int batches = 0; batches < 9; batches++) {
      HostPast whole = past(batches);
      List<Long> seen = new ArrayList<>();
      for (int part = 0; part < 3; part++) {
        seen.addAll(times(whole.part(part, 3)));
      }
      assertEquals(times(whole), seen.stream().sorted().toList());
    }
    assertEquals(List.of(1L, 4L, 7L), times(past(9).part(1, 3)));
  }

  @Test
  void aPartEnds() {
    Iterator<List<HostEvent>> events = past(1).part(2, 3).events().get();
    assertThrows(NoSuchElementException.class, events::next);
  }
}
