package redoubt.agent.decision;

import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;

/// An engine of which a test needs the name, the mode and the epoch only.
public record PlainEngine(EngineId id, EngineMode mode, long epoch) implements EngineLink {
  PlainEngine(EngineId id, EngineMode mode) {
    this(id, mode, 1);
  }

  @Override
  public boolean judges(EventClass eventClass) {
    return true;
  }

  @Override
  public boolean observes(EventClass eventClass) {
    return false;
  }

  @Override
  public void ask(Inquiry inquiry, int slot) {}

  @Override
  public void tell(Subject subject) {}

  @Override
  public EngineOpinion.Cause missed(Inquiry inquiry) {
    return EngineOpinion.Cause.DEADLINE;
  }
}
