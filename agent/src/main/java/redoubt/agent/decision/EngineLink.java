package redoubt.agent.decision;

import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;

/// One engine as decisions see it. Implementations are thread-safe and never block.
public interface EngineLink {
  /// The engine's id.
  EngineId id();

  /// What its DENY is worth now.
  EngineMode mode();

  /// Whether the platform waits for its verdict on such events: it was granted them, it is
  /// connected, its content is loaded and it is not demoted.
  boolean judges(EventClass eventClass);

  /// Whether it wants to hear of such events after they were answered.
  boolean observes(EventClass eventClass);

  /// Names what its verdicts stand for: the engine, its content and, if it judges by that, what is
  /// known of where files come from. It changes whenever an earlier verdict no longer counts; 0 is
  /// never used.
  long epoch();

  /// Whether it judges by where files come from, and is to be told.
  default boolean wantsProvenance() {
    return false;
  }

  /// Asks for a verdict. The engine's answer, or the reason why there is none, reaches
  /// [Inquiry#answered] or [Inquiry#missing] with this `slot`, now or later, once.
  void ask(Inquiry inquiry, int slot);

  /// Tells of an operation that was answered without asking. May be dropped, and is then counted.
  void tell(Subject subject);

  /// The soft deadline passed and the engine has not answered; says why, and charges the miss to
  /// the engine or to the actor whose load kept it busy.
  EngineOpinion.Cause missed(Inquiry inquiry);
}
