package redoubt.agent.admission;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redoubt.agent.admission.AdmissionReport.Step;
import redoubt.agent.engine.FilterParts;
import redoubt.agent.engine.FoldedEvent;
import redoubt.agent.engine.HostEventFilter;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.EngineRights;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Errno;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventFilter;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Verdict;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.ProtocolVersion;
import redoubt.core.wire.TestVector;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// The agent's side of a conversation in which an engine loads content and shows what it makes of
/// vectors, or of what this host has and did. The engine cannot tell it from that of a host that it
/// serves: its events go through the filter that it sent, and come in the same messages.
///
/// For one thread, which waits for the engine; whoever ends the engine ends the waiting.
final class Conversation implements AutoCloseable {
  private static final long LAST_NONCE = 1;

  /// No vector needs so many; beyond it nobody counts.
  private static final int MOST_REPORTS = 4 * TestVector.MOST_RULES;

  /// What a host's engines are told where the owner says nothing else.
  private static final int SOFT_DEADLINE_MILLIS = 250;

  private static final String BROKE = "the engine broke the protocol";

  private final SeqPacketSocket socket;
  private final EngineManifest engine;
  private final String agentVersion;
  private final ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 1);
  private final FilterParts filterParts = new FilterParts();
  private @Nullable HostEventFilter filter;

  /// What the engine is put to.
  private Step step = Step.VECTORS;

  /// Why there was no verdict, the last time that there was none.
  private String abstention = "";

  private Set<EventClass> observed = Set.of();
  private Set<EventClass> judged = Set.of();
  private long sent;
  private long received;
  private long nextId = 1;

  /// @param socket the engine's connection, which is closed with this
  /// @param agentVersion what the engine is told
  Conversation(SeqPacketSocket socket, EngineManifest engine, String agentVersion) {
    this.socket = socket;
    this.engine = engine;
    this.agentVersion = agentVersion;
  }

  /// What a host hands over as content.
  ///
  /// @param message says what it is
  /// @param descriptor holds it
  record Payload(AgentMessage.LoadContent message, int descriptor) {}

  /// What an engine made of a vector.
  ///
  /// @param rules what it reported, or what its verdict names
  /// @param verdict on a file, else null
  record Outcome(Set<String> rules, @Nullable Verdict verdict) {
    /// What is not as the vector says, for people, or nothing if all is.
    Optional<String> differenceFrom(TestVector vector) {
      return rules.equals(vector.rules()) && verdict == vector.verdict()
          ? Optional.empty()
          : Optional.of(
              "vector "
                  + vector.name()
                  + ": expected "
                  + text(vector.rules(), vector.verdict())
                  + ", came out as "
                  + text(rules, verdict));
    }

    private static String text(Set<String> rules, @Nullable Verdict verdict) {
      String names = rules.isEmpty() ? "no rule" : String.join(", ", new TreeSet<>(rules));
      return verdict == null ? names : verdict + " by " + names;
    }
  }

  /// Waits until the engine has said who it is.
  ///
  /// @throws IOException if it ends, or says something else: that says nothing of the content
  EngineMessage.Hello awaitHello() throws IOException {
    try {
      if (next(Step.ENGINE) instanceof EngineMessage.Hello hello) {
        return hello;
      }
    } catch (RefusedException e) {
      throw new IOException("the engine does not start: " + e.getMessage(), e);
    }
    throw new IOException("the engine does not start: its first message is no hello");
  }

  /// Welcomes the engine and has it load content.
  ///
  /// @return how many entries the engine has then
  /// @throws RefusedException if it is another engine than the bundle is for, or refuses
  long load(EngineMessage.Hello hello, BundleManifest bundle, Payload payload)
      throws RefusedException {
    OptionalInt version = ProtocolVersion.negotiate(hello.oldestVersion(), hello.newestVersion());
    if (version.isEmpty()) {
      throw new RefusedException(Step.ENGINE, "it speaks no version of the protocol that we do");
    }
    requireMeantFor(hello, bundle);
    welcome(hello, version.getAsInt());
    send(Step.LOAD, payload.message(), payload.descriptor());
    return awaitReady();
  }

  private static void requireMeantFor(EngineMessage.Hello hello, BundleManifest bundle)
      throws RefusedException {
    if (!hello.schemaHash().equals(bundle.schemaHash())) {
      throw new RefusedException(
          Step.ENGINE,
          "written for another schema: bundle="
              + bundle.schemaHash()
              + " engine="
              + hello.schemaHash());
    }
    if (!bundle.engineVersions().contains(hello.engineVersion())) {
      throw new RefusedException(
          Step.ENGINE,
          "not for this version of the engine: oldest="
              + bundle.engineVersions().oldest()
              + " newest="
              + bundle.engineVersions().newest()
              + " engine="
              + hello.engineVersion());
    }
  }

  private void welcome(EngineMessage.Hello hello, int version) throws RefusedException {
    EngineRights given =
        engine.asks().within(EngineRights.wanting(hello.authClasses(), hello.notifyClasses()));
    observed = given.observe();
    judged = given.judge();
    send(
        Step.LOAD,
        new AgentMessage.Welcome(
            version,
            engine.id().value(),
            agentVersion,
            given.judge(),
            given.observe(),
            EngineMode.ENFORCE,
            WireLimits.CREDITS,
            SOFT_DEADLINE_MILLIS));
  }

  private long awaitReady() throws RefusedException {
    OptionalLong entries = OptionalLong.empty();
    while (true) {
      switch (next(Step.LOAD)) {
        case EngineMessage.ContentLoaded loaded -> entries = OptionalLong.of(loaded.entries());
        case EngineMessage.ContentRefused refused ->
            throw new RefusedException(
                Step.LOAD, "the engine refuses it: " + String.join("; ", refused.problems()));
        case EngineMessage.Report report ->
            throw new RefusedException(Step.LOAD, "left out: " + report.title());
        case EngineMessage.Filter part -> takeFilter(Step.LOAD, part);
        case EngineMessage.Ready _ -> {
          return entries.orElseThrow(
              () -> new RefusedException(Step.LOAD, "the engine is ready without the content"));
        }
        case EngineMessage.Hello _,
            EngineMessage.Abstained _,
            EngineMessage.Credits _,
            EngineMessage.Handled _,
            EngineMessage.Pong _,
            EngineMessage.Verdicts _ ->
            throw new RefusedException(Step.LOAD, "the engine broke the protocol while it loaded");
      }
    }
  }

  private void takeFilter(Step step, EngineMessage.Filter part) throws RefusedException {
    try {
      EventFilter whole = filterParts.take(part);
      if (whole != null) {
        filter = HostEventFilter.of(whole);
      }
    } catch (IllegalArgumentException e) {
      throw new RefusedException(step, "a filter that is too large: " + e.getMessage());
    }
  }

  /// Says what the engine is put to from now on.
  void enter(Step next) {
    step = next;
  }

  /// Puts a vector to the engine.
  ///
  /// @throws RefusedException if the engine ends, breaks the protocol, or cannot be asked that
  Outcome put(TestVector vector) throws RefusedException {
    String name = "vector " + vector.name();
    TestVector.Question question = vector.question();
    if (question != null) {
      return ask(name, question);
    }
    for (HostEvent event : vector.activity()) {
      if (!observed.contains(event.eventClass())) {
        throw failed(name, "the engine does not observe events of class " + event.eventClass());
      }
    }
    return new Outcome(tell(name, vector.activity()).keySet(), null);
  }

  /// Tells the engine what has happened, as far as it wants to hear of it.
  ///
  /// @param events at most [WireLimits#HOST_EVENTS_PER_MESSAGE]
  /// @return how often it reported which rule
  /// @throws RefusedException if the engine ends or breaks the protocol
  Map<String, Integer> tell(List<HostEvent> events) throws RefusedException {
    return tell(
        "recorded events",
        events.stream().filter(event -> observed.contains(event.eventClass())).toList());
  }

  /// Whether the engine gives verdicts on such events.
  boolean judges(EventClass eventClass) {
    return judged.contains(eventClass);
  }

  /// Asks the engine about a file.
  ///
  /// @param descriptor the file; goes with the question if the engine may see it
  /// @return nothing if the engine says that it gives no verdict
  /// @throws RefusedException if the engine ends or breaks the protocol
  Optional<EngineMessage.EventVerdict> judge(AgentMessage.Event event, int descriptor)
      throws RefusedException {
    long id = nextId++;
    AgentMessage message = new AgentMessage.Events(0, List.of(event.withId(id)));
    if (event.hasDescriptor()) {
      send(step, message, descriptor);
    } else {
      send(step, message);
    }
    return awaitVerdict(event.path(), id);
  }

  private Map<String, Integer> tell(String what, List<HostEvent> events) throws RefusedException {
    List<HostEvent> needed = new ArrayList<>();
    for (HostEvent event : events) {
      if (filter == null || filter.needs(new FoldedEvent(event))) {
        needed.add(event);
      }
    }
    long first = nextId;
    long last = first + needed.size() - 1;
    nextId = last + 1;
    sendInMessages(needed, first);
    Map<String, Integer> rules = new HashMap<>();
    int reports = 0;
    long handled = first - 1;
    while (handled < last) {
      switch (next(step)) {
        case EngineMessage.Handled(long throughId) -> {
          if (throughId <= handled || throughId > last) {
            throw failed(what, BROKE);
          }
          handled = throughId;
        }
        case EngineMessage.Report report -> {
          if (report.hostEventId() <= handled || report.hostEventId() > last) {
            throw failed(what, "a report of none of its events: rule=" + report.rule());
          }
          if (++reports > MOST_REPORTS) {
            throw failed(what, "a flood of reports");
          }
          rules.merge(report.rule(), 1, Integer::sum);
        }
        case EngineMessage.Filter part -> takeFilter(step, part);
        case EngineMessage.Credits _ -> {}
        case EngineMessage.ContentLoaded _,
            EngineMessage.ContentRefused _,
            EngineMessage.Ready _,
            EngineMessage.Hello _,
            EngineMessage.Abstained _,
            EngineMessage.Pong _,
            EngineMessage.Verdicts _ ->
            throw failed(what, BROKE);
      }
    }
    return rules;
  }

  /// Waits until the engine has said all that it was going to say.
  ///
  /// @throws RefusedException if it says more than its answers
  void finish() throws RefusedException {
    send(step, new AgentMessage.Ping(LAST_NONCE));
    while (true) {
      switch (next(step)) {
        case EngineMessage.Pong(long nonce) when nonce == LAST_NONCE -> {
          return;
        }
        case EngineMessage.Filter part -> takeFilter(step, part);
        case EngineMessage.Credits _ -> {}
        case EngineMessage.Report report ->
            throw new RefusedException(
                step,
                "a report behind the last "
                    + (step == Step.PAST ? "event" : "vector")
                    + ": rule="
                    + report.rule());
        case EngineMessage.Verdicts _,
            EngineMessage.Abstained _,
            EngineMessage.ContentLoaded _,
            EngineMessage.ContentRefused _,
            EngineMessage.Ready _,
            EngineMessage.Hello _,
            EngineMessage.Handled _,
            EngineMessage.Pong _ ->
            throw new RefusedException(step, BROKE);
      }
    }
  }

  private RefusedException failed(String what, String how) {
    return new RefusedException(step, what + ": " + how);
  }

  private void sendInMessages(List<HostEvent> events, long firstId) throws RefusedException {
    long id = firstId;
    for (List<HostEvent> batch : AgentMessage.Activity.batches(events)) {
      send(step, new AgentMessage.Activity(0, id, batch));
      id += batch.size();
    }
  }

  private Outcome ask(String vector, TestVector.Question question) throws RefusedException {
    AgentMessage.Event event = question.event();
    if (!judged.contains(event.eventClass())) {
      throw failed(vector, "the engine does not judge events of class " + event.eventClass());
    }
    if (event.hasDescriptor() && !engine.asks().fileContent()) {
      throw failed(vector, "the engine sees no files");
    }
    int content = Descriptors.sealedMemory("redoubt-vector", question.content().toArray());
    try {
      EngineMessage.EventVerdict answer =
          judge(event, content).orElseThrow(() -> failed(vector, "no verdict: " + abstention));
      Set<String> rules = answer.rule().isEmpty() ? Set.of() : Set.of(answer.rule());
      return new Outcome(rules, answer.verdict());
    } finally {
      Descriptors.close(content);
    }
  }

  private Optional<EngineMessage.EventVerdict> awaitVerdict(String what, long id)
      throws RefusedException {
    while (true) {
      switch (next(step)) {
        case EngineMessage.Verdicts(var verdicts)
            when verdicts.size() == 1 && verdicts.getFirst().eventId() == id -> {
          return Optional.of(verdicts.getFirst());
        }
        case EngineMessage.Abstained(var ids, var reason) when ids.equals(List.of(id)) -> {
          abstention = reason;
          return Optional.empty();
        }
        case EngineMessage.Report report ->
            throw failed(what, "a report beside its verdict: rule=" + report.rule());
        case EngineMessage.Credits _ -> {}
        case EngineMessage.Verdicts _,
            EngineMessage.Abstained _,
            EngineMessage.Filter _,
            EngineMessage.ContentLoaded _,
            EngineMessage.ContentRefused _,
            EngineMessage.Ready _,
            EngineMessage.Hello _,
            EngineMessage.Handled _,
            EngineMessage.Pong _ ->
            throw failed(what, BROKE);
      }
    }
  }

  private void send(Step during, AgentMessage message, int... descriptors) throws RefusedException {
    byte[] bytes = EngineCodec.encode(++sent, message);
    int result = socket.send(bytes, bytes.length, descriptors, descriptors.length, true);
    if (result < 0) {
      throw new RefusedException(during, "the engine ended: errno=" + Errno.name(-result));
    }
  }

  private EngineMessage next(Step during) throws RefusedException {
    int length = socket.receive(buffer);
    if (length <= 0) {
      throw new RefusedException(during, "the engine ended");
    }
    if (buffer.descriptorCount() > 0) {
      buffer.closeDescriptors();
      throw new RefusedException(during, "the engine sent a descriptor");
    }
    try {
      ByteBuffer datagram = buffer.data();
      EngineCodec.Framed<EngineMessage> framed = EngineCodec.decodeFromEngine(datagram);
      if (framed.sequence() != ++received) {
        throw new RefusedException(during, "the engine left out a message");
      }
      return framed.message();
    } catch (WireException e) {
      throw new RefusedException(during, "the engine sent what is no message: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    socket.close();
    buffer.close();
  }
}
