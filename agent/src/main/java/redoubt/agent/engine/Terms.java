package redoubt.agent.engine;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventClass;
import redoubt.core.model.Sha256;
import redoubt.core.wire.EngineMessage;

/// What one process of an engine serves with: what it says of itself, its content, and what it was
/// granted. Immutable.
final class Terms {
  private final EngineMessage.Hello hello;
  private final @Nullable EngineContent content;
  private final Set<EventClass> judged;
  private final Set<EventClass> observed;
  private final long epoch;

  /// @param judged the classes of events whose verdicts are waited for
  /// @param observed those that the engine is told of
  Terms(
      EngineMessage.Hello hello,
      @Nullable EngineContent content,
      Set<EventClass> judged,
      Set<EventClass> observed) {
    this.hello = hello;
    this.content = content;
    this.judged = Set.copyOf(judged);
    this.observed = Set.copyOf(observed);
    epoch = epochOf(hello, content);
  }

  EngineMessage.Hello hello() {
    return hello;
  }

  @Nullable EngineContent content() {
    return content;
  }

  Set<EventClass> judged() {
    return judged;
  }

  Set<EventClass> observed() {
    return observed;
  }

  /// Marks what was judged under these terms. What an engine makes of where files come from counts
  /// until that changes.
  ///
  /// @param provenanceGeneration counts changes of what is known of where files come from
  long epochAt(long provenanceGeneration) {
    return hello.provenance() ? epoch ^ (provenanceGeneration << 1) : epoch;
  }

  /// The same engine with the same content judges alike, whichever process it is.
  private static long epochOf(EngineMessage.Hello hello, @Nullable EngineContent content) {
    String both =
        hello.name()
            + '\0'
            + hello.engineVersion()
            + '\0'
            + (content == null ? "" : content.sha256().toString());
    return Sha256.ofText(both).a() | 1;
  }
}
