package redoubt.testing.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireException;

/// What one event costs on the wire in each direction: the agent encodes and the engine decodes an
/// event, the engine encodes and the agent decodes its verdict.
///
/// The messages are those of an exec that an engine is asked about: one event with a digest, one
/// verdict of a file that matched nothing.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
  private final AgentMessage event =
      new AgentMessage.Events(
          0,
          List.of(
              new AgentMessage.Event(
                  4_711,
                  EventClass.EXEC,
                  true,
                  250_000,
                  null,
                  31_337,
                  8_812,
                  31_300,
                  1_000,
                  1_000,
                  1_000,
                  5_120,
                  "/usr/lib/gcc/x86_64-linux-gnu/14/cc1",
                  new FileIdentity(
                      0x0000_0008_0000_0001L,
                      1_311_768,
                      1_763_856_000_123_456_789L,
                      1_763_856_000_000_000_000L,
                      1_763_850_000_000_000_000L,
                      33_554_432),
                  new Sha256(0x0123456789abcdefL, 0xfedcba9876543210L, 42, 43),
                  true,
                  true)));

  private final EngineMessage verdict =
      new EngineMessage.Verdicts(
          List.of(
              new EngineMessage.EventVerdict(
                  4_711, Verdict.ALLOW, VerdictScope.FILE, 3_600, "", "", "2026-11-23.1")));

  private final ByteBuffer encodedEvent = ByteBuffer.wrap(EngineCodec.encode(1, event));
  private final ByteBuffer encodedVerdict = ByteBuffer.wrap(EngineCodec.encode(1, verdict));

  /// The agent's half of a question.
  @Benchmark
  public byte[] encodeEvent() {
    return EngineCodec.encode(1, event);
  }

  /// The engine's half of a question.
  @Benchmark
  public EngineCodec.Framed<AgentMessage> decodeEvent() throws WireException {
    return EngineCodec.decodeFromAgent(encodedEvent.duplicate());
  }

  /// The engine's half of an answer.
  @Benchmark
  public byte[] encodeVerdict() {
    return EngineCodec.encode(1, verdict);
  }

  /// The agent's half of an answer.
  @Benchmark
  public EngineCodec.Framed<EngineMessage> decodeVerdict() throws WireException {
    return EngineCodec.decodeFromEngine(encodedVerdict.duplicate());
  }
}
