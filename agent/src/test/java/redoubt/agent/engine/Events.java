package redoubt.agent.engine;

import redoubt.agent.decision.Subject;
import redoubt.agent.hook.Operation;
import redoubt.core.wire.AgentMessage;

/// Describes events for tests.
final class Events {
  private Events() {}

  static AgentMessage.Event withoutDescriptor(long id, Subject subject, boolean answerable) {
    return event(id, subject, answerable, false);
  }

  static AgentMessage.Event withDescriptor(long id, Subject subject, boolean answerable) {
    return event(id, subject, answerable, true);
  }

  private static AgentMessage.Event event(
      long id, Subject subject, boolean answerable, boolean hasDescriptor) {
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
        hasDescriptor);
  }
}
