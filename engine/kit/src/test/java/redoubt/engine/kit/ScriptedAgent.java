package redoubt.engine.kit;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.AgentMessage.Event;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineCodec.Framed;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireLimits;

/// The agent's end of a real socket pair, said line by line by a test; the kit serves an engine at
/// the other end, on a thread of its own.
final class ScriptedAgent implements AutoCloseable {
  private static final Sha256 DIGEST = new Sha256(1, 2, 3, 4);
  private static final int WAIT_SECONDS = 20;

  private final SeqPacketSocket socket;
  private final ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 1);
  private final CompletableFuture<Integer> exitStatus;
  private long sent;
  private long received;

  ScriptedAgent(Engine engine) {
    SeqPacketSocket[] pair = SeqPacketSocket.pair();
    socket = pair[0];
    exitStatus = CompletableFuture.supplyAsync(() -> EngineHost.serve(engine, pair[1]));
  }

  /// Goes through hello and welcome.
  ScriptedAgent welcome() throws Exception {
    expect(EngineMessage.Hello.class);
    Set<EventClass> classes = Set.of(EventClass.EXEC);
    return say(
        new AgentMessage.Welcome(1, "engine", "0", classes, Set.of(), EngineMode.ENFORCE, 64, 250));
  }

  ScriptedAgent say(AgentMessage message, int... descriptors) {
    sent++;
    return sayRaw(EngineCodec.encode(sent, message), descriptors);
  }

  /// Says a message under another number than the next one.
  ScriptedAgent sayAs(long sequence, AgentMessage message) {
    return sayRaw(EngineCodec.encode(sequence, message));
  }

  ScriptedAgent sayRaw(byte[] bytes, int... descriptors) {
    socket.send(bytes, bytes.length, descriptors, descriptors.length, true);
    return this;
  }

  /// Reads the engine's next message, which must be of a kind and have the next number.
  <M extends EngineMessage> M expect(Class<M> kind) throws Exception {
    int length = socket.receive(buffer);
    if (length <= 0) {
      throw new AssertionError("engine ended: status=" + status());
    }
    Framed<EngineMessage> framed = EngineCodec.decodeFromEngine(buffer.data());
    received++;
    if (framed.sequence() != received) {
      throw new AssertionError("number: is=" + framed.sequence() + " expected=" + received);
    }
    return kind.cast(framed.message());
  }

  /// Reads one verdict.
  EngineMessage.EventVerdict expectVerdict() throws Exception {
    return expect(EngineMessage.Verdicts.class).verdicts().getFirst();
  }

  /// Waits for the end of the engine's serve loop.
  int status() throws Exception {
    return exitStatus.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /// Closes the agent's end and waits.
  int hangUp() throws Exception {
    socket.close();
    return status();
  }

  @Override
  public void close() {
    socket.close();
    buffer.close();
  }

  /// An event on a stable file of some size, with a digest and no descriptor.
  static Event event(long id) {
    return event(id, true, false, 0);
  }

  /// As [#event(long)], of a file that somebody wants scanned.
  static Event scan(long id) {
    Event event = event(id);
    return new Event(
        id,
        EventClass.SCAN,
        true,
        30_000_000,
        null,
        event.pid(),
        event.processUniqueId(),
        event.parentPid(),
        event.uid(),
        event.gid(),
        event.effectiveUid(),
        event.cgroupId(),
        event.path(),
        event.file(),
        event.sha256(),
        event.stable(),
        event.hasDescriptor());
  }

  static Event event(long id, boolean stable, boolean hasDescriptor, long sizeBytes) {
    return new Event(
        id,
        EventClass.EXEC,
        true,
        1_000_000,
        null,
        100,
        0,
        1,
        1000,
        1000,
        1000,
        0,
        "/tmp/file",
        new FileIdentity(1, 2, 3, 4, 5, sizeBytes),
        stable ? DIGEST : null,
        stable,
        hasDescriptor);
  }

  static AgentMessage.LoadContent content(String version, int sizeBytes) {
    return new AgentMessage.LoadContent("list", version, DIGEST, sizeBytes);
  }
}
