package redoubt.engine.kit;

import redoubt.core.linux.Errno;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.AgentMessage.Activity;
import redoubt.core.wire.AgentMessage.Cancel;
import redoubt.core.wire.AgentMessage.Event;
import redoubt.core.wire.AgentMessage.Events;
import redoubt.core.wire.AgentMessage.LoadContent;
import redoubt.core.wire.AgentMessage.ModeChanged;
import redoubt.core.wire.AgentMessage.Ping;
import redoubt.core.wire.AgentMessage.Refused;
import redoubt.core.wire.AgentMessage.Shutdown;
import redoubt.core.wire.AgentMessage.Welcome;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineCodec.Framed;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.ProtocolVersion;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// One connection to the agent, from hello to its end, on the thread that runs it.
///
/// The states of `spec/engine-protocol.md` as they show here: before the welcome nothing but an
/// answer to the hello is accepted, before ready no event has credit.
final class Session implements AutoCloseable {
  /// How long an event that nobody waits for may be judged.
  private static final long NOTIFY_BUDGET_NANOS = 10_000_000_000L;

  private static final int NO_DESCRIPTOR = -1;

  private final SeqPacketSocket socket;
  private final Outbox outbox;
  private final JudgePool judges;
  private final Observer observer;
  private final EngineDescription description;
  private final FilterTeller filter;
  private final ContentLoader contents;
  private final ReceiveBuffer buffer =
      new ReceiveBuffer(WireLimits.MESSAGE_BYTES, WireLimits.EVENTS_PER_MESSAGE);
  private long lastSequence;
  private boolean welcomed;

  Session(Engine engine, SeqPacketSocket socket) {
    this.socket = socket;
    outbox = new Outbox(socket);
    judges = new JudgePool(engine, outbox);
    observer = new Observer(engine, outbox);
    description = engine.describe();
    filter = new FilterTeller(engine, outbox, description.notifyClasses());
    contents = new ContentLoader(engine, outbox, judges, filter);
  }

  /// Says hello and serves until the agent ends the connection.
  ///
  /// @throws SessionException if it ends otherwise than in order
  void run() throws SessionException {
    outbox.send(hello());
    boolean open = true;
    while (open) {
      open = serveNext();
    }
  }

  @Override
  public void close() {
    socket.close();
    judges.close();
    observer.close();
    buffer.close();
  }

  private EngineMessage hello() {
    return new EngineMessage.Hello(
        WireLimits.OLDEST_PROTOCOL_VERSION,
        WireLimits.PROTOCOL_VERSION,
        description.name(),
        description.vendor(),
        description.version(),
        description.schemaHash(),
        description.authClasses(),
        description.notifyClasses(),
        description.provenance());
  }

  /// @return whether the connection goes on
  private boolean serveNext() throws SessionException {
    int length = socket.receive(buffer);
    if (length == 0 || length == -Errno.ECONNRESET) {
      return false;
    }
    if (length < 0) {
      throw SessionException.lost(Errno.name(length));
    }
    long receivedNanos = System.nanoTime();
    try (PassedDescriptors descriptors = new PassedDescriptors(buffer)) {
      boolean open = handle(decode(), descriptors, receivedNanos);
      descriptors.requireAllTaken();
      return open;
    }
  }

  private AgentMessage decode() throws SessionException {
    try {
      Framed<AgentMessage> framed = EngineCodec.decodeFromAgent(buffer.data());
      if (framed.sequence() != lastSequence + 1) {
        throw SessionException.violation(
            "messages lost: last=" + lastSequence + " next=" + framed.sequence());
      }
      lastSequence = framed.sequence();
      return framed.message();
    } catch (WireException e) {
      throw SessionException.violation("bad message: " + e.getMessage());
    }
  }

  private boolean handle(AgentMessage message, PassedDescriptors descriptors, long receivedNanos)
      throws SessionException {
    switch (message) {
      case Welcome welcome -> welcome(welcome);
      case Refused(var code, var text) -> throw SessionException.refused(code, text);
      case LoadContent content -> load(content, descriptors);
      case Events events -> accept(events, descriptors, receivedNanos);
      case Activity activity -> {
        requireWelcomed();
        if (!observer.accept(activity)) {
          throw SessionException.violation("too many events: first=" + activity.firstId());
        }
      }
      case Ping(var nonce) -> {
        requireWelcomed();
        outbox.send(new EngineMessage.Pong(nonce));
      }
      case Cancel _, ModeChanged _ -> requireWelcomed();
      case Shutdown(var reason, _) -> {
        Diagnostics.line("asked to end: " + reason);
        return false;
      }
    }
    return true;
  }

  private void welcome(Welcome welcome) throws SessionException {
    int version = welcome.protocolVersion();
    if (welcomed || ProtocolVersion.negotiate(version, version).isEmpty()) {
      throw SessionException.violation(
          "unexpected welcome: protocolVersion=" + version + " again=" + welcomed);
    }
    welcomed = true;
    judges.limitCredits(welcome.maxCredits());
    if (!description.needsContent()) {
      filter.tell();
      judges.sayReady();
    }
  }

  private void load(LoadContent content, PassedDescriptors descriptors) throws SessionException {
    requireWelcomed();
    if (!description.needsContent() || contents.loading()) {
      throw SessionException.violation("unexpected content: version=" + content.version());
    }
    contents.begin(content, descriptors.take());
  }

  private void accept(Events events, PassedDescriptors descriptors, long receivedNanos)
      throws SessionException {
    for (Event event : events.events()) {
      int descriptor = event.hasDescriptor() ? descriptors.take() : NO_DESCRIPTOR;
      if (!judges.accept(event, receivedNanos + allowanceNanos(event), descriptor)) {
        throw SessionException.violation("event without credit: id=" + event.id());
      }
    }
  }

  /// Four fifths of what the agent waits, so that the answer still travels in time.
  private static long allowanceNanos(Event event) {
    return event.answerable() ? event.budgetMicros() * 1000 / 5 * 4 : NOTIFY_BUDGET_NANOS;
  }

  private void requireWelcomed() throws SessionException {
    if (!welcomed) {
      throw SessionException.violation("message before welcome");
    }
  }
}
