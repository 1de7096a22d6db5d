package redoubt.engine.kit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Sha256;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// Plays the agent to an engine in the engine's own process: welcome, content, a number of events
/// about one file or of the host, the end. For writing a start-up cache, and for a vendor's first
/// try.
///
/// Not thread-safe; [#run] blocks until the engine has judged everything.
public final class Rehearsal {
  private static final int SOFT_DEADLINE_MILLIS = 10_000;
  private static final int GRACE_MILLIS = 1_000;

  private final byte @Nullable [] content;
  private final @Nullable Path file;
  private final List<HostEvent> activity;
  private final int events;
  private long sequence;

  /// A rehearsal with the given content and events.
  ///
  /// @param content the payload that the engine gets to load
  /// @param file a file that the engine gets to judge
  /// @param events how often, 1 to 1,000,000
  public Rehearsal(byte[] content, Path file, int events) {
    this(content, file, List.of(), events);
  }

  /// A rehearsal of an engine without content.
  ///
  /// @param file a file that the engine gets to judge
  /// @param events how often, 1 to 1,000,000
  public Rehearsal(Path file, int events) {
    this(null, file, List.of(), events);
  }

  /// A rehearsal of what happens on a host.
  ///
  /// @param content the payload that the engine gets to load
  /// @param activity events that the engine hears of together, 1 to 256
  /// @param times how often, 1 to 1,000,000
  public Rehearsal(byte[] content, List<HostEvent> activity, int times) {
    this(content, null, activity, times);
  }

  private Rehearsal(
      byte @Nullable [] content, @Nullable Path file, List<HostEvent> activity, int events) {
    if (events < 1 || events > 1_000_000) {
      throw new IllegalArgumentException("events out of range 1 to 1000000: events=" + events);
    }
    this.content = content == null ? null : content.clone();
    this.file = file;
    this.activity = List.copyOf(activity);
    this.events = events;
  }

  /// Has the engine play its part on this thread.
  ///
  /// @return one of the exit statuses of [EngineHost]
  public int run(Engine engine) {
    SeqPacketSocket[] ends = SeqPacketSocket.pair();
    Thread agent = Thread.ofPlatform().name("rehearsal").daemon().start(() -> play(ends[0]));
    int status = EngineHost.serve(engine, ends[1]);
    try {
      agent.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return status;
  }

  private void play(SeqPacketSocket socket) {
    try (socket;
        ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 1)) {
      await(socket, buffer, EngineMessage.Hello.class);
      welcome(socket);
      await(socket, buffer, EngineMessage.Ready.class);
      for (int i = 0; i < events; i++) {
        if (file == null) {
          long firstId = 1 + (long) i * activity.size();
          send(socket, new AgentMessage.Activity(0, firstId, activity));
          await(socket, buffer, EngineMessage.Handled.class);
        } else {
          ask(socket, file, i + 1);
          receive(socket, buffer);
        }
      }
      send(socket, new AgentMessage.Shutdown("the rehearsal is over", GRACE_MILLIS));
    } catch (IOException | WireException e) {
      Diagnostics.line("the rehearsal failed: " + e.getMessage());
    }
  }

  private void welcome(SeqPacketSocket socket) {
    send(
        socket,
        new AgentMessage.Welcome(
            WireLimits.PROTOCOL_VERSION,
            "rehearsal",
            "rehearsal",
            Set.copyOf(EventClass.answerable()),
            Set.of(EventClass.values()),
            EngineMode.MONITOR,
            WireLimits.CREDITS,
            SOFT_DEADLINE_MILLIS));
    if (content != null) {
      load(socket, content);
    }
  }

  private void load(SeqPacketSocket socket, byte[] content) {
    int payload = Descriptors.sealedMemory("rehearsal", content);
    send(
        socket,
        new AgentMessage.LoadContent(
            "rehearsal", "rehearsal", Sha256.hash(content), content.length),
        payload);
    Descriptors.close(payload);
  }

  private void ask(SeqPacketSocket socket, Path file, int id) throws IOException {
    int descriptor = Descriptors.openReadOnly(file.toString());
    AgentMessage.Event event =
        new AgentMessage.Event(
            id,
            EventClass.EXEC,
            true,
            SOFT_DEADLINE_MILLIS * 1_000L,
            null,
            1,
            1,
            1,
            0,
            0,
            0,
            1,
            file.toString(),
            new FileIdentity(1, 1, 1, 1, 1, Files.size(file)),
            id % 2 == 0 ? null : Sha256.hash(Files.readAllBytes(file)),
            true,
            true);
    send(socket, new AgentMessage.Events(0, List.of(event)), descriptor);
    Descriptors.close(descriptor);
  }

  private void send(SeqPacketSocket socket, AgentMessage message, int... descriptors) {
    byte[] bytes = EngineCodec.encode(++sequence, message);
    socket.send(bytes, bytes.length, descriptors, descriptors.length, true);
  }

  private static void await(
      SeqPacketSocket socket, ReceiveBuffer buffer, Class<? extends EngineMessage> wanted)
      throws IOException, WireException {
    while (!wanted.isInstance(receive(socket, buffer))) {
      // Whatever comes before it is of no interest here.
    }
  }

  private static EngineMessage receive(SeqPacketSocket socket, ReceiveBuffer buffer)
      throws IOException, WireException {
    if (socket.receive(buffer) <= 0) {
      throw new IOException("the engine ended");
    }
    ByteBuffer datagram = buffer.data();
    return EngineCodec.decodeFromEngine(datagram).message();
  }
}
