package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.EventFilter.Alternative;
import redoubt.core.model.EventFilter.Condition;
import redoubt.core.model.EventFilter.SoughtText;
import redoubt.core.model.Place;
import redoubt.core.wire.EngineMessage.Filter;
import redoubt.core.wire.WireLimits;

class FilterPartsTest {
  private static final Alternative ANY = new Alternative(EventClass.PROCESS_START, List.of());

  private final FilterParts parts = new FilterParts();

  @Test
  void aLongFilterComesThroughInParts() {
    EventFilter filter =
        new EventFilter(
            IntStream.range(0, 2_000)
                .mapToObj(i ->
                    new Alternative(
                        EventClass.PROCESS_START,
                        List.of(
                            new Condition(
                                EventField.IMAGE,
                                List.of(new SoughtText(Place.END, i + "x".repeat(25)))))))
                .toList());
    List<Filter> messages = Filter.parts(filter);
    assertTrue(messages.size() > 1);
    for (Filter message : messages.subList(0, messages.size() - 1)) {
      assertNull(parts.take(message));
    }
    assertEquals(filter, parts.take(messages.getLast()));
    assertEquals(new EventFilter(List.of(ANY)), parts.take(new Filter(false, List.of(ANY))));
  }

  @Test
  void allPartsTogetherAreBounded() {
    List<Alternative> most = Collections.nCopies(WireLimits.FILTER_ALTERNATIVES, ANY);
    assertNull(parts.take(new Filter(true, most)));
    Filter more = new Filter(false, List.of(ANY));
    assertThrows(IllegalArgumentException.class, () -> parts.take(more));
  }
}
