package redoubt.core.wire;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Credentials;
import redoubt.core.model.Device;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Octets;
import redoubt.core.model.PackageState;
import redoubt.core.model.Place;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Provenance;
import redoubt.core.model.ResponseAction;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// Makes valid messages of every kind, with fields at and between the ends of their ranges.
final class RandomMessages {
  private static final List<String> CHARACTERS = List.of("a", "/", "é", "漢", "😀", "\0", "�");

  private final RandomGenerator random;

  RandomMessages(RandomGenerator random) {
    this.random = random;
  }

  AgentMessage agentMessage() {
    return switch (random.nextInt(9)) {
      case 0 ->
          new AgentMessage.Welcome(
              between(1, WireLimits.HIGHEST_VERSION),
              "engine-" + between(0, 9),
              text(WireLimits.VERSION_CHARS),
              answerable(),
              classes(),
              pick(EngineMode.values()),
              between(1, WireLimits.CREDITS),
              between(1, WireLimits.DEADLINE_MILLIS));
      case 1 -> new AgentMessage.Refused("version", text(WireLimits.REASON_CHARS));
      case 2 ->
          new AgentMessage.LoadContent(
              text(WireLimits.NAME_CHARS),
              filled(WireLimits.VERSION_CHARS),
              digest(),
              random.nextLong(WireLimits.CONTENT_BYTES + 1));
      case 3 -> new AgentMessage.Events(positive() - 1, some(between(1, 8), this::event));
      case 4 -> new AgentMessage.Cancel(ids());
      case 5 -> new AgentMessage.ModeChanged(pick(EngineMode.values()));
      case 6 -> new AgentMessage.Ping(any());
      case 7 ->
          new AgentMessage.Activity(
              positive() - 1, 1 + (positive() >>> 1), some(between(1, 4), this::hostEvent));
      default ->
          new AgentMessage.Shutdown(
              text(WireLimits.REASON_CHARS), between(0, WireLimits.DEADLINE_MILLIS));
    };
  }

  EngineMessage engineMessage() {
    return switch (random.nextInt(12)) {
      case 0 -> hello();
      case 1 -> new EngineMessage.ContentLoaded(filled(WireLimits.VERSION_CHARS), positive());
      case 2 ->
          new EngineMessage.ContentRefused(
              filled(WireLimits.VERSION_CHARS),
              some(between(0, WireLimits.PROBLEMS), () -> text(WireLimits.PROBLEM_CHARS)));
      case 3 -> new EngineMessage.Ready(between(1, WireLimits.CREDITS));
      case 4 -> new EngineMessage.Credits(between(1, WireLimits.CREDITS));
      case 5 -> new EngineMessage.Verdicts(some(between(1, 12), this::verdict));
      case 6 ->
          new EngineMessage.Report(
              positive() - 1, text(WireLimits.NAME_CHARS), filled(WireLimits.NAME_CHARS));
      case 7 ->
          new EngineMessage.Report(
              positive() - 1,
              text(WireLimits.NAME_CHARS),
              filled(WireLimits.NAME_CHARS),
              coin() ? null : pick(FindingLevel.values()),
              some(between(0, WireLimits.TECHNIQUES), () -> filled(WireLimits.TECHNIQUE_CHARS)),
              some(
                  between(0, 8),
                  () ->
                      new Finding.Reason(
                          text(WireLimits.NAME_CHARS), text(WireLimits.REASON_CHARS))),
              positive(),
              Set.copyOf(some(between(0, 4), () -> pick(ResponseAction.values()))),
              between(0, WireLimits.GENERATIONS));
      case 8 -> new EngineMessage.Handled(positive());
      case 9 -> new EngineMessage.Abstained(ids(), text(WireLimits.REASON_CHARS));
      case 10 -> new EngineMessage.Filter(coin(), some(between(0, 3), this::alternative));
      default -> new EngineMessage.Pong(any());
    };
  }

  private EngineMessage.Hello hello() {
    int oldest = between(1, WireLimits.HIGHEST_VERSION);
    return new EngineMessage.Hello(
        oldest,
        between(oldest, WireLimits.HIGHEST_VERSION),
        filled(WireLimits.NAME_CHARS),
        text(WireLimits.NAME_CHARS),
        text(WireLimits.VERSION_CHARS),
        random.nextBoolean() ? "" : digest().toString(),
        classes(),
        classes(),
        coin());
  }

  private EventFilter.Alternative alternative() {
    return new EventFilter.Alternative(
        coin() ? EventClass.PROCESS_START : EventClass.PROCESS_EXIT,
        some(
            between(0, 2),
            () ->
                new EventFilter.Condition(
                    pick(EventField.values()),
                    some(
                        between(1, 4),
                        () ->
                            new EventFilter.SoughtText(
                                pick(Place.values()), filled(WireLimits.FILTER_TEXT_CHARS))))));
  }

  AgentMessage.Event event() {
    boolean answerable = random.nextBoolean();
    return new AgentMessage.Event(
        positive(),
        pick(EventClass.answerable().toArray(EventClass[]::new)),
        answerable,
        answerable ? random.nextLong(1000L * WireLimits.DEADLINE_MILLIS + 1) : 0,
        answerable ? null : findVerdict(),
        between(0, Integer.MAX_VALUE),
        any(),
        between(-1, Integer.MAX_VALUE),
        random.nextInt(),
        random.nextInt(),
        random.nextInt(),
        any(),
        text(WireLimits.PATH_BYTES / 4),
        new FileIdentity(any(), any(), any(), any(), any(), positive() - 1),
        random.nextBoolean() ? null : digest(),
        random.nextBoolean(),
        random.nextBoolean(),
        text(WireLimits.PATH_BYTES / 4),
        coin() ? null : provenance());
  }

  private Provenance provenance() {
    PackageState state = pick(PackageState.values());
    return new Provenance(
        coin(),
        coin(),
        state == PackageState.NONE ? "" : filled(WireLimits.NAME_CHARS),
        state,
        text(WireLimits.NAME_CHARS),
        text(WireLimits.NAME_CHARS),
        between(0, Integer.MAX_VALUE),
        coin());
  }

  HostEvent hostEvent() {
    return switch (random.nextInt(10)) {
      case 0 -> new HostEvent.ProcessStart(any(), process(), process(), coin() ? null : digest());
      case 1 -> new HostEvent.ProcessExit(any(), process(), random.nextInt());
      case 2 -> new HostEvent.ProcessAccess(any(), process(), process());
      case 3 -> new HostEvent.ProcessFork(any(), process(), process());
      case 4 -> new HostEvent.ProcessIdentity(any(), process(), credentials());
      case 5 ->
          new HostEvent.NetworkActivity(
              one(EventClass.ofNetwork()),
              any(),
              process(),
              between(0, 255),
              coin(),
              endpoint(),
              endpoint(),
              positive() - 1);
      case 6 ->
          new HostEvent.DnsMessage(
              any(),
              process(),
              coin(),
              endpoint(),
              endpoint(),
              octets(WireLimits.DNS_MESSAGE_BYTES));
      case 7 -> ofSystem();
      case 8 -> fileContent();
      default ->
          new HostEvent.FileChange(
              one(EventClass.ofFiles()), any(), process(), path(), path(), coin());
    };
  }

  private HostEvent fileContent() {
    return new HostEvent.FileContent(
        any(),
        process(),
        numbers(HostEvent.FileContent.MOST_ANCESTORS, Integer.MAX_VALUE),
        path(),
        path(),
        positive() - 1,
        any(),
        text(WireLimits.FORMAT_CHARS),
        numbers(HostEvent.FileContent.MOST_PARTS, HostEvent.FileContent.MOST_MILLIBITS));
  }

  private List<Integer> numbers(int most, int highest) {
    return java.util.stream.IntStream.range(0, between(0, most))
        .mapToObj(_ -> between(0, highest))
        .toList();
  }

  private HostEvent ofSystem() {
    int name = WireLimits.NAME_CHARS;
    return switch (random.nextInt(6)) {
      case 0 ->
          new HostEvent.DeviceChange(
              one(EventClass.ofDevices()),
              any(),
              new Device(
                  text(name),
                  text(name),
                  path(),
                  path(),
                  text(name),
                  text(name),
                  text(name),
                  text(name)));
      case 1 ->
          new HostEvent.ModuleChange(
              one(EventClass.ofModules()), any(), text(name), path(), text(name));
      case 2 ->
          new HostEvent.MountChange(
              one(EventClass.ofMounts()), any(), path(), path(), text(name), path(), path());
      case 3 ->
          new HostEvent.AuditRecord(
              any(), process(), between(0, Integer.MAX_VALUE), text(WireLimits.AUDIT_RECORD_CHARS));
      case 4 ->
          new HostEvent.LoginActivity(
              one(EventClass.ofLogins()), any(), process(), text(name), text(name), text(name));
      default ->
          new HostEvent.AccountChange(
              one(EventClass.ofAccounts()),
              any(),
              coin(),
              text(name),
              random.nextInt(),
              some(between(0, WireLimits.ACCOUNT_CHANGES), () -> text(name / 8)));
    };
  }

  private EventClass one(Set<EventClass> classes) {
    return pick(classes.toArray(EventClass[]::new));
  }

  private String path() {
    return text(WireLimits.PATH_BYTES / 8);
  }

  private Octets octets(int most) {
    byte[] bytes = new byte[between(0, most)];
    random.nextBytes(bytes);
    return Octets.of(bytes);
  }

  private Endpoint endpoint() {
    return new Endpoint(text(WireLimits.ADDRESS_CHARS / 2), between(0, 65_535));
  }

  private Credentials credentials() {
    return new Credentials(random.nextInt(), random.nextInt(), random.nextInt(), random.nextInt());
  }

  private ProcessInfo process() {
    return new ProcessInfo(
        between(0, Integer.MAX_VALUE),
        any(),
        between(-1, Integer.MAX_VALUE),
        credentials(),
        any(),
        text(20),
        text(WireLimits.PATH_BYTES / 8),
        some(between(0, 20), () -> text(40)),
        coin(),
        text(WireLimits.PATH_BYTES / 8),
        text(20));
  }

  private EngineMessage.EventVerdict verdict() {
    return new EngineMessage.EventVerdict(
        positive(),
        pick(Verdict.values()),
        pick(VerdictScope.values()),
        between(0, WireLimits.LIFETIME_SECONDS),
        text(WireLimits.REASON_CHARS),
        text(WireLimits.NAME_CHARS),
        text(WireLimits.VERSION_CHARS),
        coin());
  }

  int anyInt() {
    return random.nextInt();
  }

  boolean coin() {
    return random.nextBoolean();
  }

  private List<Long> ids() {
    return LongStream.generate(this::positive)
        .limit(between(1, WireLimits.ANSWERS_PER_MESSAGE))
        .boxed()
        .toList();
  }

  private @Nullable Verdict findVerdict() {
    return random.nextBoolean() ? null : pick(Verdict.values());
  }

  private Set<EventClass> answerable() {
    Set<EventClass> classes = EnumSet.copyOf(EventClass.answerable());
    classes.retainAll(classes());
    return classes;
  }

  private Set<EventClass> classes() {
    Set<EventClass> classes = EnumSet.noneOf(EventClass.class);
    Stream.of(EventClass.values()).filter(each -> coin()).forEach(classes::add);
    return classes;
  }

  <T> List<T> some(int count, Supplier<T> one) {
    return Stream.generate(one).limit(count).toList();
  }

  <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  Sha256 digest() {
    return new Sha256(any(), any(), any(), any());
  }

  /// A number of any size class, from 1.
  long positive() {
    return 1 + (random.nextLong() >>> (1 + random.nextInt(63)));
  }

  long any() {
    return random.nextLong() >> random.nextInt(64);
  }

  int between(int least, int most) {
    return switch (random.nextInt(4)) {
      case 0 -> least;
      case 1 -> most;
      default -> (int) random.nextLong(least, most + 1L);
    };
  }

  String filled(int maxChars) {
    return "v" + text(maxChars - 1);
  }

  /// A text of at most `maxChars` characters, mostly short and ASCII.
  String text(int maxChars) {
    int length = random.nextInt(3) == 0 ? maxChars : random.nextInt(Math.min(maxChars, 20) + 1);
    String one = random.nextInt(3) == 0 ? pick(CHARACTERS.toArray(String[]::new)) : "x";
    return one.repeat(length);
  }
}
