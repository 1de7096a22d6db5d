package redoubt.agent.engine;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redoubt.agent.bounded.CountWindow;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.registry.EngineRights;
import redoubt.core.linux.Errno;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventFilter;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.HostEvent;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.ResponseAction;
import redoubt.core.model.ResponseWish;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.ProtocolVersion;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// The conversation with one engine process, from its hello to its end: checks every message
/// against the protocol and has the engine's seat act on it.
///
/// One thread runs [#receive]; [#ping] may be called by another.
final class EngineDialogue {
  /// Answers to unknown events that are forgiven: the agent may have given up on an event just
  /// before.
  private static final int VIOLATIONS = 100;

  private static final Duration WINDOW = Duration.ofSeconds(10);

  /// Reports within a [CountWindow] that are kept; more are dropped and counted, since the journal
  /// is bounded and an engine must not push out what others did.
  static final int REPORTS = 100;

  /// Reports within the window that no engine has a reason to send.
  static final int REPORT_FLOOD = 10_000;

  /// Filters, or parts of one, within the window that an engine may send: each is made ready here.
  static final int FILTERS = 128;

  /// How much a report matters whose engine does not say it.
  private static final FindingLevel UNGRADED = FindingLevel.HIGH;

  private static final long NOT_PINGED = 0;

  private final EngineSeat seat;
  private final EngineConnection connection;
  private final @Nullable EngineContent content;
  private final EngineSettings settings;
  private final EngineRole role;
  private final Runnable onNoContent;
  private final Runnable onReady;
  private final EngineReports outlet;
  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private volatile long pingedNanos = NOT_PINGED;
  private long receivedSequence;
  private int violations;
  private boolean isReady;

  /// Whether what it says counts: from the first word on, unless it is tried.
  private volatile boolean serves;

  private volatile @Nullable Shadow shadow;
  private boolean isLoading;
  private long entries;
  private @Nullable Terms terms;
  private @Nullable EngineMode toldMode;
  private final CountWindow reports = new CountWindow(WINDOW);
  private final CountWindow filters = new CountWindow(WINDOW);
  private final FilterParts filterParts = new FilterParts();

  /// A conversation that has not begun.
  ///
  /// @param content what the engine is to judge with, if the host has any
  /// @param role one that is tried serves only once [#serve] says so
  /// @param onNoContent runs when the engine needs content and the host has none for it
  /// @param onReady runs when the engine judges from now on, or could
  EngineDialogue(
      EngineSeat seat,
      EngineConnection connection,
      @Nullable EngineContent content,
      EngineHost host,
      EngineRole role,
      Runnable onNoContent,
      Runnable onReady) {
    this.seat = seat;
    this.connection = connection;
    this.content = content;
    this.role = role;
    serves = role != EngineRole.TRIED;
    this.onNoContent = onNoContent;
    this.onReady = onReady;
    settings = host.settings();
    outlet = host.reports();
    counters = host.counters();
    notices = host.notices();
    time = host.time();
  }

  /// Asks for a sign of life, unless one is awaited already.
  void ping() {
    if (pingedNanos != NOT_PINGED) {
      return;
    }
    long now = time.nanos();
    pingedNanos = now == NOT_PINGED ? now + 1 : now;
    connection.send(new AgentMessage.Ping(pingedNanos));
  }

  /// Receives until the conversation ends.
  ///
  /// @return how it ended
  EngineEnding receive(ReceiveBuffer buffer) {
    while (true) {
      int length = connection.socket().receive(buffer);
      if (length == 0) {
        return EngineEnding.exit("closed its connection");
      }
      if (length == -Errno.ECONNRESET || length == -Errno.EPIPE) {
        return EngineEnding.exit("ended");
      }
      if (length < 0) {
        return violation("unreadable message: errno=" + Errno.name(-length));
      }
      if (buffer.descriptorCount() > 0) {
        buffer.closeDescriptors();
        return violation("sent a descriptor");
      }
      EngineEnding ending = take(buffer.data());
      if (ending != null) {
        return ending;
      }
    }
  }

  private @Nullable EngineEnding take(ByteBuffer datagram) {
    EngineCodec.Framed<EngineMessage> framed;
    try {
      framed = EngineCodec.decodeFromEngine(datagram);
    } catch (WireException e) {
      return violation(e.getMessage() == null ? "malformed" : e.getMessage());
    }
    if (framed.sequence() != ++receivedSequence) {
      return violation(
          "sequence gap: expected=" + receivedSequence + " received=" + framed.sequence());
    }
    return dispatch(framed.message());
  }

  private @Nullable EngineEnding dispatch(EngineMessage message) {
    if (receivedSequence == 1) {
      return message instanceof EngineMessage.Hello hello
          ? welcome(hello)
          : violation("the first message must be a hello");
    }
    return switch (message) {
      case EngineMessage.Hello _ -> violation("a second hello");
      case EngineMessage.ContentLoaded loaded -> contentLoaded(loaded);
      case EngineMessage.ContentRefused refused -> contentRefused(refused);
      case EngineMessage.Ready ready -> becomeReady(ready);
      case EngineMessage.Credits more ->
          connection.addCredits(more.credits()) ? null : violation("too many credits");
      case EngineMessage.Verdicts verdicts -> verdicts(verdicts.verdicts());
      case EngineMessage.Abstained(var eventIds, var reason) -> abstained(eventIds, reason);
      case EngineMessage.Report report -> report(report);
      case EngineMessage.Handled(var throughId) ->
          connection.activity().handled(throughId)
              ? null
              : violation("handled events that it does not have");
      case EngineMessage.Filter filter -> filter(filter);
      case EngineMessage.Pong(var nonce) -> pong(nonce);
    };
  }

  private @Nullable EngineEnding welcome(EngineMessage.Hello hello) {
    OptionalInt version = ProtocolVersion.negotiate(hello.oldestVersion(), hello.newestVersion());
    if (version.isEmpty()) {
      connection.send(
          new AgentMessage.Refused(
              "version",
              "no common protocol version: agent speaks "
                  + WireLimits.OLDEST_PROTOCOL_VERSION
                  + " to "
                  + WireLimits.PROTOCOL_VERSION));
      return EngineEnding.violation("speaks no version of the protocol that this agent does");
    }
    EngineRights given =
        seat.rights().within(EngineRights.wanting(hello.authClasses(), hello.notifyClasses()));
    Terms offered = new Terms(hello, content, given.judge(), given.observe());
    terms = offered;
    if (role != EngineRole.TRIED) {
      seat.welcome(offered);
    }
    EngineMode mode = seat.mode();
    toldMode = mode;
    connection.send(
        new AgentMessage.Welcome(
            version.getAsInt(),
            seat.id().value(),
            settings.agentVersion(),
            given.judge(),
            given.observe(),
            mode,
            WireLimits.CREDITS,
            Math.toIntExact(settings.softDeadline().toMillis())));
    if (hello.schemaHash().isEmpty()) {
      return null; // It interprets no content and is sent none.
    }
    if (content == null) {
      onNoContent.run();
      return null;
    }
    return send(content);
  }

  private @Nullable EngineEnding send(EngineContent payload) {
    int result = connection.send(payload.message(), payload.descriptor());
    isLoading = true;
    return result < 0
        ? EngineEnding.exit("content could not be handed over: errno=" + Errno.name(-result))
        : null;
  }

  private @Nullable EngineEnding contentLoaded(EngineMessage.ContentLoaded loaded) {
    if (!isLoading) {
      return violation("content loaded that was not sent");
    }
    isLoading = false;
    entries = loaded.entries();
    if (role == EngineRole.TRIED) {
      return null;
    }
    notices.report(
        PlatformNotice.Kind.CONTENT,
        seat.id().value(),
        "content in force: version=" + loaded.version() + " entries=" + loaded.entries());
    return null;
  }

  private @Nullable EngineEnding contentRefused(EngineMessage.ContentRefused refused) {
    if (!isLoading) {
      return violation("content refused that was not sent");
    }
    isLoading = false;
    notices.report(
        PlatformNotice.Kind.CONTENT,
        seat.id().value(),
        "content refused: version="
            + refused.version()
            + " problems="
            + String.join("; ", refused.problems()));
    // A first one may judge with what it has; nobody needs another one for that.
    return role == EngineRole.FIRST
        ? null
        : EngineEnding.start(
            "the engine refused its content: problems=" + String.join("; ", refused.problems()));
  }

  private @Nullable EngineEnding becomeReady(EngineMessage.Ready ready) {
    if (isReady) {
      return violation("ready twice");
    }
    if (!connection.addCredits(ready.credits())) {
      return violation("too many credits");
    }
    if (role == EngineRole.TRIED) {
      shadow = seat.shadow(connection, requireTerms());
    } else {
      beginToServe();
    }
    isReady = true;
    onReady.run();
    if (role != EngineRole.TRIED) {
      tellReady();
    }
    return null;
  }

  private void beginToServe() {
    serves = true;
    if (seat.ready(connection, requireTerms(), entries, connection.activity().needed())) {
      outlet.needsChanged();
    }
    if (toldMode != seat.mode()) {
      connection.send(new AgentMessage.ModeChanged(seat.mode()));
    }
  }

  /// What was tried judges from now on. Called by another thread, once it is ready.
  void serve() {
    beginToServe();
    tellReady();
  }

  /// What a process does that is tried; null before it is ready.
  @Nullable Shadow shadow() {
    return shadow;
  }

  private void tellReady() {
    notices.report(
        PlatformNotice.Kind.ENGINE_READY,
        seat.id().value(),
        "judges events: pid=" + connection.socket().peer().pid());
  }

  /// They are there from the first message on.
  private Terms requireTerms() {
    return Objects.requireNonNull(terms);
  }

  private void tellNeeds() {
    if (seat.needs(connection, connection.activity().needed())) {
      outlet.needsChanged();
    }
  }

  private @Nullable EngineEnding verdicts(List<EngineMessage.EventVerdict> verdicts) {
    Terms under = requireTerms();
    for (EngineMessage.EventVerdict verdict : verdicts) {
      if (!seat.verdict(connection, under, verdict)) {
        unexpected();
      }
    }
    return tooManyUnexpected();
  }

  private @Nullable EngineEnding abstained(List<Long> eventIds, String reason) {
    for (long eventId : eventIds) {
      if (!seat.abstained(connection, eventId, reason)) {
        unexpected();
      }
    }
    return tooManyUnexpected();
  }

  private void unexpected() {
    violations++;
    counters.add(Counter.ENGINE_VIOLATIONS);
  }

  private @Nullable EngineEnding tooManyUnexpected() {
    return violations > VIOLATIONS ? violation("answers to what was never sent") : null;
  }

  private @Nullable EngineEnding report(EngineMessage.Report report) {
    long now = time.nanos();
    int recent = reports.add(now);
    if (recent > REPORTS) {
      counters.add(Counter.REPORTS_DROPPED);
      return recent > REPORT_FLOOD ? violation("a flood of reports") : null;
    }
    Optional<HostEvent> event = connection.activity().find(report.hostEventId());
    if (report.hostEventId() != 0 && event.isEmpty()) {
      return violation("a report on an event that it does not have");
    }
    if (!serves) {
      Shadow beside = shadow;
      if (beside != null) {
        beside.found();
      }
      return null;
    }
    seat.figures().found.incrementAndGet();
    outlet.found(
        new Finding(
            time.wallMillis(),
            seat.id(),
            content == null ? "" : content.version(),
            report.rule(),
            report.title(),
            Objects.requireNonNullElse(report.level(), UNGRADED),
            report.techniques(),
            report.reasons(),
            "",
            null,
            event.map(EngineDialogue::concerned).orElse(List.of()),
            0));
    if (!report.wishes().isEmpty() && event.isPresent()) {
      wish(report, event.get().process());
    }
    return null;
  }

  private void wish(EngineMessage.Report report, ProcessInfo process) {
    Set<ResponseAction> granted = new TreeSet<>(report.wishes());
    granted.retainAll(seat.rights().respond());
    if (!granted.isEmpty()) {
      outlet.wished(
          new ResponseWish(seat.id(), report.rule(), granted, process, report.generations()));
    }
    counters.add(Counter.RESPONSES_REFUSED, report.wishes().size() - granted.size());
  }

  private static List<ProcessInfo> concerned(HostEvent event) {
    return switch (event) {
      case HostEvent.ProcessStart start when start.parent().pid() != 0 ->
          List.of(start.process(), start.parent());
      case HostEvent.ProcessAccess access when access.target().pid() != 0 ->
          List.of(access.process(), access.target());
      case HostEvent.ProcessFork fork when fork.parent().pid() != 0 ->
          List.of(fork.process(), fork.parent());
      case HostEvent.ProcessStart _,
          HostEvent.ProcessExit _,
          HostEvent.ProcessAccess _,
          HostEvent.ProcessFork _,
          HostEvent.ProcessIdentity _,
          HostEvent.FileChange _,
          HostEvent.FileContent _,
          HostEvent.NetworkActivity _,
          HostEvent.DnsMessage _,
          HostEvent.OfSystem _ ->
          List.of(event.process());
    };
  }

  private @Nullable EngineEnding filter(EngineMessage.Filter part) {
    if (filters.add(time.nanos()) > FILTERS) {
      return violation("too many filters");
    }
    @Nullable EventFilter whole;
    try {
      whole = filterParts.take(part);
    } catch (IllegalArgumentException e) {
      return violation(Objects.requireNonNullElse(e.getMessage(), "a filter that is too large"));
    }
    if (whole != null) {
      HostEventFilter filter = HostEventFilter.of(whole);
      connection.activity().filterBy(filter);
      if (isReady) {
        tellNeeds();
      }
      if (serves && !filter.isCheap()) {
        notices.report(
            PlatformNotice.Kind.CONTENT,
            seat.id().value(),
            "its filter is not used: its texts are too much alike to be looked for at once");
      }
    }
    return null;
  }

  /// Only the answer to the ping that is open is a sign of life.
  private @Nullable EngineEnding pong(long nonce) {
    long pinged = pingedNanos;
    if (pinged == NOT_PINGED || nonce != pinged) {
      unexpected();
      return tooManyUnexpected();
    }
    pingedNanos = NOT_PINGED;
    seat.tookNanos(time.nanos() - pinged);
    return null;
  }

  private EngineEnding violation(String what) {
    counters.add(Counter.ENGINE_VIOLATIONS);
    notices.report(PlatformNotice.Kind.ENGINE_VIOLATION, seat.id().value(), what);
    connection.send(new AgentMessage.Refused("violation", what));
    return EngineEnding.violation("broke the protocol: " + what);
  }
}
