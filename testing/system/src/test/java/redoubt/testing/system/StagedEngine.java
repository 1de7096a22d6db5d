package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// An engine for tests that stops for good at a stage of its start, with or without a word to the
/// agent, and otherwise allows everything. It speaks the protocol itself, since the kit would not
/// stop.
final class StagedEngine {
  /// Where it can stop, in the order of a start.
  enum Stage {
    /// The process runs.
    STARTED,
    /// It has connected and said nothing.
    CONNECTED,
    /// It has said hello.
    HELLO_SENT,
    /// It was handed content and has not taken it into use.
    CONTENT_LOADING,
    /// It said that it judges, and answers nothing.
    READY,
    /// It answers.
    ANSWERING
  }

  /// Content is handed only to engines that name the schema of theirs.
  private static final String ANY_SCHEMA = "0".repeat(64);

  private final Path wanted;
  private final SeqPacketSocket socket;
  private long sequence;

  private StagedEngine(Path wanted, SeqPacketSocket socket) {
    this.wanted = wanted;
    this.socket = socket;
  }

  /// Argument: a file with the name of the stage at which to stop.
  public static void main(String[] arguments) throws IOException, WireException {
    Path wanted = Path.of(arguments[0]);
    pass(wanted, Stage.STARTED);
    try (SeqPacketSocket socket =
        SeqPacketSocket.connect(Path.of(System.getenv("REDOUBT_SOCKET")))) {
      new StagedEngine(wanted, socket).serve();
    }
  }

  /// Goes on, or never returns. The agent's log shows where an engine stopped.
  private static void pass(Path wanted, Stage stage) throws IOException {
    if (Files.readString(wanted).strip().equals(stage.name())) {
      System.err.println(stoppedAt(stage) + " pid=" + ProcessHandle.current().pid());
      while (true) {
        LockSupport.park();
      }
    }
  }

  /// What the engine prints when it stops at a stage.
  static String stoppedAt(Stage stage) {
    return "staged engine stopped: stage=" + stage;
  }

  private void serve() throws IOException, WireException {
    pass(wanted, Stage.CONNECTED);
    send(
        new EngineMessage.Hello(
            WireLimits.OLDEST_PROTOCOL_VERSION,
            WireLimits.PROTOCOL_VERSION,
            "Staged engine",
            "Redoubt tests",
            "1",
            ANY_SCHEMA,
            Set.of(EventClass.EXEC),
            Set.of()));
    pass(wanted, Stage.HELLO_SENT);
    try (ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 16)) {
      while (socket.receive(buffer) > 0) {
        buffer.closeDescriptors();
        take(EngineCodec.decodeFromAgent(buffer.data()).message());
      }
    }
  }

  private void take(AgentMessage message) throws IOException {
    switch (message) {
      case AgentMessage.LoadContent content -> {
        pass(wanted, Stage.CONTENT_LOADING);
        send(new EngineMessage.ContentLoaded(content.version(), 1));
        send(new EngineMessage.Ready(WireLimits.CREDITS));
        pass(wanted, Stage.READY);
      }
      case AgentMessage.Events events -> {
        for (AgentMessage.Event event : events.events()) {
          send(new EngineMessage.Verdicts(List.of(allow(event.id()))));
        }
      }
      case AgentMessage.Ping ping -> send(new EngineMessage.Pong(ping.nonce()));
      case AgentMessage.Welcome _,
          AgentMessage.Refused _,
          AgentMessage.Activity _,
          AgentMessage.Cancel _,
          AgentMessage.ModeChanged _,
          AgentMessage.Shutdown _ -> {}
    }
  }

  /// An ALLOW that stands for nothing but its event.
  static EngineMessage.EventVerdict allow(long eventId) {
    return new EngineMessage.EventVerdict(
        eventId, Verdict.ALLOW, VerdictScope.EVENT, 0, "", "", "");
  }

  private void send(EngineMessage message) {
    byte[] bytes = EngineCodec.encode(++sequence, message);
    socket.send(bytes, bytes.length, new int[0], 0, true);
  }
}
