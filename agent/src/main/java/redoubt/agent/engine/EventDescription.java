package redoubt.agent.engine;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.decision.Subject;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.core.wire.AgentMessage;

/// What engines are told of an operation; the same for every engine with the same rights.
///
/// @param withContent whether the file in question goes with it
/// @param withProvenance whether the engine wants to know where the file comes from
/// @param softDeadline how long a verdict is waited for
/// @param time the clock of the deadline
record EventDescription(
    boolean withContent, BooleanSupplier withProvenance, Duration softDeadline, TimeSource time)
    implements EngineConnection.EventWriter {
  @Override
  public AgentMessage.Event write(long id, Subject subject, boolean answerable) {
    Operation operation = subject.operation();
    boolean answered = operation.answered(); // once: the answer may fall while this is written
    boolean awaited = answerable && !answered;
    Inquiry inquiry = subject instanceof Inquiry known ? known : null;
    long left = inquiry == null ? softDeadline.toNanos() : inquiry.deadlineNanos() - time.nanos();
    return new AgentMessage.Event(
        id,
        operation.eventClass(),
        awaited,
        awaited ? Math.max(0, left / 1_000) : 0,
        answered ? operation.answer() : null,
        operation.pid(),
        operation.processUniqueId(),
        operation.parentPid(),
        operation.uid(),
        operation.gid(),
        operation.effectiveUid(),
        operation.cgroupId(),
        subject.path(),
        subject.file(),
        subject.sha256(),
        subject.stable(),
        withContent && operation.descriptor() >= 0,
        inquiry == null ? "" : inquiry.actorImage(),
        inquiry == null || !withProvenance.getAsBoolean() ? null : inquiry.provenance());
  }
}
