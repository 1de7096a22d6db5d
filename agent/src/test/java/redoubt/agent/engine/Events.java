package redoubt.agent.engine;

import redoubt.agent.decision.Subject;
import redoubt.agent.hook.Operation;
import redoubt.core.wire.AgentMessage;

/// Describes events without a descriptor: their operations have none.
final class Events {
  private Events() {}

  static AgentMessage.Event withoutDescriptor(long id, Subject subject, boolean answerable) {
    Operation operation = subject.operation();
    return new AgentMessage.Event(
        id,
        operation.eventClass(),
        answerable,
        answerable ? 1 : 0,
        null,
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
        false);
  }
}
