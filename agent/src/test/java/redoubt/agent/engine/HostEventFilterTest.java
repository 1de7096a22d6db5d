package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redoubt.core.model.Credentials;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.EventFilter.Alternative;
import redoubt.core.model.EventFilter.Condition;
import redoubt.core.model.EventFilter.SoughtText;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Place;
import redoubt.core.model.ProcessInfo;

class HostEventFilterTest {
  private static final String LETTERS = "aAbB/ ";
  private static final List<EventClass> CLASSES =
      List.of(EventClass.PROCESS_START, EventClass.PROCESS_EXIT);

  private final long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static boolean needs(EventFilter filter, HostEvent event) {
    return HostEventFilter.of(filter).needs(new FoldedEvent(event));
  }

  private static HostEvent start(String image, String... arguments) {
    ProcessInfo process = process(image, List.of(arguments), "root");
    return new HostEvent.ProcessStart(1, process, process("/usr/bin/bash", List.of("bash"), ""));
  }

  private static ProcessInfo process(String image, List<String> arguments, String user) {
    return new ProcessInfo(
        2, 3, 1, new Credentials(1000, 0, 0, 0), 0, user, image, arguments, false, "/Home", "");
  }

  private static EventFilter one(Condition... conditions) {
    return new EventFilter(List.of(new Alternative(EventClass.PROCESS_START, List.of(conditions))));
  }

  private static Condition condition(EventField field, Place place, String... texts) {
    return new Condition(
        field, List.of(texts).stream().map(text -> new SoughtText(place, text)).toList());
  }

  @Test
  void allConditionsOfAnAlternativeMustHoldAndOneTextOfEach() {
    EventFilter filter =
        one(
            condition(EventField.IMAGE, Place.END, "/nc", "/ncat"),
            condition(EventField.COMMAND_LINE, Place.ANYWHERE, " -E "));
    assertTrue(needs(filter, start("/usr/bin/NCAT", "ncat", "-e", "/bin/sh")));
    assertFalse(needs(filter, start("/usr/bin/ncat", "ncat", "-l")));
    assertFalse(needs(filter, start("/usr/bin/cat", "cat", "-e", "x")));
  }

  @Test
  void everyFieldIsLookedAt() {
    HostEvent event = start("/bin/id", "id");
    assertTrue(needs(one(condition(EventField.WORKING_DIRECTORY, Place.WHOLE, "/home")), event));
    assertTrue(needs(one(condition(EventField.USER, Place.WHOLE, "ROOT")), event));
    assertTrue(needs(one(condition(EventField.PARENT_IMAGE, Place.END, "/bash")), event));
    assertTrue(needs(one(condition(EventField.PARENT_COMMAND_LINE, Place.START, "ba")), event));
    assertTrue(needs(one(condition(EventField.PARENT_USER, Place.WHOLE, "1000")), event));
  }

  @Test
  void aClassThatNoAlternativeNamesIsNotNeeded() {
    EventFilter filter = EventFilter.everything(Set.of(EventClass.PROCESS_START));
    assertTrue(needs(filter, start("/bin/id")));
    assertFalse(needs(filter, new HostEvent.ProcessExit(1, ProcessInfo.UNKNOWN, 0)));
    assertFalse(needs(new EventFilter(List.of()), start("/bin/id")));
  }

  @Test
  void aVeryLongFieldHasEveryText() {
    EventFilter filter = one(condition(EventField.COMMAND_LINE, Place.WHOLE, "x"));
    String longest = "y".repeat(HostEventFilter.FIELD_BYTES);
    assertFalse(needs(filter, start("/bin/id", longest)));
    assertTrue(needs(filter, start("/bin/id", longest + "y")));
  }

  @Test
  void textsThatAreSlowToLookForLetEverythingThrough() {
    Condition alike =
        condition(
            EventField.IMAGE,
            Place.ANYWHERE,
            IntStream.range(0, 4_000)
                .mapToObj(i -> Integer.toBinaryString(4_096 + i))
                .toArray(String[]::new));
    HostEventFilter filter = HostEventFilter.of(one(alike));
    assertFalse(filter.isCheap());
    assertTrue(filter.needs(new FoldedEvent(start("/bin/id"))));
    HostEventFilter usual = HostEventFilter.of(one(condition(EventField.USER, Place.WHOLE, "x")));
    assertTrue(usual.isCheap());
  }

  @Test
  void decidesAsOneTextAfterTheOtherDoes() {
    int passed = 0;
    for (int i = 0; i < Integer.getInteger("redoubt.fuzz.count", 2_000); i++) {
      EventFilter filter = filter();
      HostEventFilter ready = HostEventFilter.of(filter);
      for (int n = 0; n < 10; n++) {
        HostEvent event = event();
        boolean expected = naively(filter, event);
        passed += expected ? 1 : 0;
        assertEquals(
            expected,
            ready.needs(new FoldedEvent(event)),
            () -> filter + " " + event + " -Dredoubt.fuzz.seed=" + seed);
      }
    }
    assertTrue(passed > 100, "hardly any event passed: " + passed);
  }

  private EventFilter filter() {
    List<Alternative> alternatives = new ArrayList<>();
    for (int n = random.nextInt(5); n > 0; n--) {
      List<Condition> conditions = new ArrayList<>();
      for (int c = random.nextInt(4); c > 0; c--) {
        List<SoughtText> texts = new ArrayList<>();
        for (int t = 1 + random.nextInt(4); t > 0; t--) {
          texts.add(new SoughtText(pick(List.of(Place.values())), LETTERS.charAt(0) + text(3)));
        }
        conditions.add(new Condition(pick(List.of(EventField.values())), texts));
      }
      alternatives.add(new Alternative(pick(CLASSES), conditions));
    }
    return new EventFilter(alternatives);
  }

  private <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  private HostEvent event() {
    ProcessInfo process = process(text(6), List.of(text(4), text(4)), text(3));
    return random.nextBoolean()
        ? new HostEvent.ProcessStart(1, process, process(text(6), List.of(text(4)), text(3)))
        : new HostEvent.ProcessExit(1, process, 0);
  }

  private String text(int longest) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(longest + 1); n > 0; n--) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  private static boolean naively(EventFilter filter, HostEvent event) {
    return filter.alternatives().stream()
        .anyMatch(alternative ->
            alternative.eventClass() == event.eventClass()
                && alternative.conditions().stream()
                    .allMatch(condition ->
                        condition.texts().stream()
                            .anyMatch(text -> stands(text, condition.field().in(event)))));
  }

  private static boolean stands(SoughtText sought, String value) {
    String small = value.toLowerCase(java.util.Locale.ROOT);
    String text = sought.text().toLowerCase(java.util.Locale.ROOT);
    return switch (sought.place()) {
      case WHOLE -> small.equals(text);
      case ANYWHERE -> small.contains(text);
      case START -> small.startsWith(text);
      case END -> small.endsWith(text);
    };
  }
}
