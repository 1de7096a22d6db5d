package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redoubt.agent.engine.ActivityStream.Offer;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.HandClock;
import redoubt.core.model.Credentials;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventFilter;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.core.wire.AgentMessage.Activity;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// Over a real socket pair.
class ActivityStreamTest {
  private final Counters counters = new Counters();
  private final FarEnd engine = new FarEnd();
  private final ActivityStream stream =
      new EngineConnection(
              engine.near(), Events::withoutDescriptor, _ -> {}, counters, new HandClock())
          .activity();

  @AfterEach
  void hangUp() {
    engine.close();
  }

  @Test
  void eventsAreKeptBackAndGoTogether() throws WireException {
    assertEquals(Offer.TAKEN, offer(exit(1)));
    assertEquals(Offer.TAKEN, offer(exit(2)));
    assertEquals(List.of(), engine.takeActivity());
    stream.flush();
    Activity activity = engine.takeActivity().getFirst();
    assertEquals(1, activity.firstId());
    assertEquals(0, activity.lost());
    assertEquals(List.of(exit(1), exit(2)), activity.events());
    stream.flush();
    assertEquals(List.of(), engine.takeActivity(), "nothing is left to send");
  }

  @Test
  void aFullMessageGoesAtOnce() throws WireException {
    for (int i = 0; i <= WireLimits.HOST_EVENTS_PER_MESSAGE; i++) {
      offer(exit(i));
    }
    assertEquals(
        WireLimits.HOST_EVENTS_PER_MESSAGE, engine.takeActivity().getFirst().events().size());
  }

  @Test
  void theLargestEventsFitOneByOne() throws WireException {
    List<HostEvent> sent = new ArrayList<>();
    List<HostEvent> received = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      HostEvent event = largest(i);
      sent.add(event);
      assertEquals(Offer.TAKEN, offer(event));
      stream.flush();
      engine.takeActivity().forEach(activity -> received.addAll(activity.events()));
    }
    assertEquals(sent, received);
  }

  @Test
  void whatAnEngineDoesNotHandleIsBoundedAndCounted() throws WireException {
    int taken = 0;
    List<Activity> received = new ArrayList<>();
    for (int i = 0; i < WireLimits.HOST_EVENTS_UNHANDLED + 5; i++) {
      taken += offer(exit(i)) == Offer.TAKEN ? 1 : 0;
      received.addAll(engine.takeActivity());
    }
    stream.flush();
    received.addAll(engine.takeActivity());
    assertEquals(WireLimits.HOST_EVENTS_UNHANDLED, taken);
    assertEquals(5, counters.value(Counter.NOTIFY_LOST));
    assertTrue(stream.handled(1));
    assertEquals(Offer.TAKEN, offer(exit(7)));
    stream.flush();
    Activity last = engine.takeActivity().getFirst();
    assertEquals(5, received.getLast().lost() + last.lost(), "told once");
    assertEquals(WireLimits.HOST_EVENTS_UNHANDLED + 1, last.firstId());
  }

  @Test
  void bytesAreBoundedToo() throws WireException {
    int taken = 0;
    while (offer(largest(taken)) == Offer.TAKEN) {
      taken++;
      engine.takeActivity();
    }
    int size = Activity.mostBytes(largest(0));
    assertEquals(WireLimits.HOST_EVENT_BYTES_UNHANDLED / size, taken);
  }

  @Test
  void whatTheSocketCannotTakeGoesLater() throws WireException {
    for (int i = 0; i < WireLimits.HOST_EVENTS_UNHANDLED; i++) {
      assertEquals(Offer.TAKEN, offer(exit(i))); // nobody reads
    }
    assertEquals(0, counters.value(Counter.NOTIFY_LOST));
    List<HostEvent> received = new ArrayList<>();
    for (List<Activity> now = engine.takeActivity(); !now.isEmpty(); now = engine.takeActivity()) {
      now.forEach(activity -> received.addAll(activity.events()));
      assertTrue(stream.handled(received.size()));
    }
    stream.flush();
    assertEquals(
        IntStream.range(0, WireLimits.HOST_EVENTS_UNHANDLED)
            .mapToObj(ActivityStreamTest::exit)
            .toList(),
        received);
  }

  @Test
  void onlyWhatWasSentCanBeHandled() throws WireException {
    offer(exit(1));
    assertFalse(stream.handled(1), "it is still kept back");
    assertEquals(Optional.empty(), stream.find(1));
    stream.flush();
    assertEquals(Optional.of(exit(1)), stream.find(1));
    assertFalse(stream.handled(2));
    assertFalse(stream.handled(0));
    assertTrue(stream.handled(1));
    assertFalse(stream.handled(1), "nor twice");
    assertEquals(Optional.empty(), stream.find(1));
    assertEquals(Optional.empty(), stream.find(0));
  }

  @Test
  void whatIsNotNeededIsCountedAndNotSent() throws WireException {
    stream.filterBy(HostEventFilter.of(EventFilter.everything(Set.of(EventClass.PROCESS_START))));
    assertEquals(Offer.UNNEEDED, offer(exit(1)));
    assertEquals(Offer.TAKEN, offer(largest(2)));
    stream.flush();
    assertEquals(List.of(largest(2)), engine.takeActivity().getFirst().events());
    assertEquals(1, counters.value(Counter.NOTIFY_FILTERED));
    assertEquals(0, counters.value(Counter.NOTIFY_LOST));
  }

  private Offer offer(HostEvent event) {
    return stream.offer(new FoldedEvent(event));
  }

  private static HostEvent exit(int status) {
    return new HostEvent.ProcessExit(1, ProcessInfo.UNKNOWN, status);
  }

  private static HostEvent largest(int pid) {
    String path = "/" + "é".repeat((WireLimits.PATH_BYTES - 1) / 2);
    ProcessInfo process =
        new ProcessInfo(
            pid,
            -1,
            -1,
            Credentials.UNKNOWN,
            -1,
            "u".repeat(WireLimits.NAME_CHARS),
            path,
            Collections.nCopies(
                WireLimits.ARGUMENTS, "x".repeat(WireLimits.ARGUMENT_BYTES / WireLimits.ARGUMENTS)),
            true,
            path,
            "");
    return new HostEvent.ProcessStart(Long.MIN_VALUE, process, process, Sha256.hash(new byte[0]));
  }
}
