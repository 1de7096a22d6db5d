package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EventClass;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// An engine for tests that breaks the protocol in one way.
final class HostileEngine {
  /// What it does.
  enum Way {
    /// Bytes that are no message.
    GARBAGE,
    /// A message longer than any may be.
    HUGE_FRAME,
    /// A sequence number that is not the next.
    WRONG_SEQUENCE,
    /// No hello.
    READY_FIRST,
    SECOND_HELLO,
    SECOND_READY,
    TOO_MANY_CREDITS,
    /// Verdicts about events that it never got.
    ANSWERS_TO_NOTHING,
    /// Signs of life that nobody asked for.
    PONG_FLOOD,
    /// Findings without end, to push others out of the journal.
    REPORT_FLOOD,
    /// Filters without end, which the agent would have to make ready.
    FILTER_FLOOD,
    /// Word of content that it never got.
    CONTENT_FROM_NOWHERE,
    /// A descriptor of its own.
    SENDS_DESCRIPTOR,
    /// Every answer twice.
    ANSWERS_TWICE,
    /// Every answer long after the deadline.
    ANSWERS_LATE,
    /// Every answer at once, and every file kept.
    KEEPS_FILES
  }

  private static final int FLOOD = 20_000;
  private static final int SOME = 200;

  private final SeqPacketSocket socket;
  private long sequence;

  private HostileEngine(SeqPacketSocket socket) {
    this.socket = socket;
  }

  /// Argument: the name of a [Way].
  public static void main(String[] arguments) throws Exception {
    try (SeqPacketSocket socket =
        SeqPacketSocket.connect(Path.of(System.getenv("REDOUBT_SOCKET")))) {
      new HostileEngine(socket).go(Way.valueOf(arguments[0]));
    }
  }

  private void go(Way way) throws Exception {
    switch (way) {
      case GARBAGE -> {
        byte[] bytes = new byte[300];
        new Random(1).nextBytes(bytes);
        send(bytes);
      }
      case HUGE_FRAME -> {
        hello();
        send(new byte[2 * WireLimits.MESSAGE_BYTES]);
      }
      case WRONG_SEQUENCE -> {
        hello();
        sequence += 7;
        send(new EngineMessage.Ready(1));
      }
      case READY_FIRST -> send(new EngineMessage.Ready(1));
      case SECOND_HELLO -> {
        hello();
        hello();
      }
      case SECOND_READY -> {
        ready();
        send(new EngineMessage.Ready(1));
      }
      case TOO_MANY_CREDITS -> {
        ready();
        send(new EngineMessage.Credits(WireLimits.CREDITS));
      }
      case ANSWERS_TO_NOTHING -> {
        ready();
        for (int i = 0; i < SOME; i++) {
          allow(1_000_000 + i);
        }
      }
      case PONG_FLOOD -> {
        ready();
        for (int i = 0; i < SOME; i++) {
          send(new EngineMessage.Pong(i));
        }
      }
      case REPORT_FLOOD -> {
        ready();
        for (int i = 0; i < FLOOD; i++) {
          send(new EngineMessage.Report(0, "flood", "nothing happened"));
        }
      }
      case FILTER_FLOOD -> {
        ready();
        for (int i = 0; i < SOME; i++) {
          send(new EngineMessage.Filter(false, List.of()));
        }
      }
      case CONTENT_FROM_NOWHERE -> {
        hello();
        send(new EngineMessage.ContentLoaded("1", 1));
      }
      case SENDS_DESCRIPTOR -> {
        hello();
        byte[] bytes = EngineCodec.encode(++sequence, new EngineMessage.Ready(1));
        socket.send(bytes, bytes.length, new int[] {0}, 1, true);
      }
      case ANSWERS_TWICE, ANSWERS_LATE, KEEPS_FILES -> ready();
    }
    answer(way);
  }

  private void hello() {
    send(
        new EngineMessage.Hello(
            1, 1, "hostile", "nobody", "1", "", Set.of(EventClass.EXEC), Set.of()));
  }

  private void ready() {
    hello();
    send(new EngineMessage.Ready(WireLimits.CREDITS / 2));
  }

  private void answer(Way way) throws IOException, WireException, InterruptedException {
    try (ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 64)) {
      while (socket.receive(buffer) > 0) {
        if (way != Way.KEEPS_FILES) {
          buffer.closeDescriptors();
        }
        if (EngineCodec.decodeFromAgent(buffer.data()).message()
            instanceof AgentMessage.Events events) {
          for (AgentMessage.Event event : events.events()) {
            if (way == Way.ANSWERS_LATE) {
              Thread.sleep(1_000);
            }
            allow(event.id());
            if (way == Way.ANSWERS_TWICE) {
              allow(event.id());
            }
          }
        }
      }
    }
  }

  private void allow(long event) {
    send(new EngineMessage.Verdicts(List.of(StagedEngine.allow(event))));
  }

  private void send(EngineMessage message) {
    send(EngineCodec.encode(++sequence, message));
  }

  /// The agent may have ended the conversation: what follows goes nowhere, which is as good.
  private void send(byte[] bytes) {
    if (socket.send(bytes, bytes.length, new int[0], 0, true) < 0) {
      System.exit(1);
    }
  }
}
