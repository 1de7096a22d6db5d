package redoubt.agent.decision;

import java.util.function.LongPredicate;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.hook.Kernel;
import redoubt.agent.hook.Operation;
import redoubt.agent.hook.OperationHandler;
import redoubt.agent.hook.Responder;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;

/// Stands before decisions where the owner wants that nobody opens a module of the kernel: denies
/// the open of every regular file that has a module's name, whoever asks, and lets opens go on that
/// are seen for this alone. All else is the next one's.
///
/// Runs on the reading threads: it asks the kernel for the name of the descriptor, and for nothing
/// else.
public final class ModuleGate implements OperationHandler {
  private static final String[] SUFFIXES = {".ko", ".ko.xz", ".ko.gz", ".ko.zst"};

  /// What the kernel puts behind the name of a file that has lost it.
  private static final String DELETED = " (deleted)";

  private final OperationHandler next;
  private final Kernel kernel;
  private final Responder responder;
  private final Recorder recorder;
  private final Guardrails guardrails;
  private final LongPredicate onlyForModules;
  private final Counters counters;

  /// @param onlyForModules whether opens on a device are seen only for the sake of modules
  ModuleGate(
      OperationHandler next,
      Kernel kernel,
      Responder responder,
      Recorder recorder,
      Guardrails guardrails,
      LongPredicate onlyForModules,
      Counters counters) {
    this.next = next;
    this.kernel = kernel;
    this.responder = responder;
    this.recorder = recorder;
    this.guardrails = guardrails;
    this.onlyForModules = onlyForModules;
    this.counters = counters;
  }

  @Override
  public void handle(Operation operation) {
    if (operation.eventClass() != EventClass.OPEN) {
      next.handle(operation);
    } else if (operation.file().regular()
        && isModule(kernel.path(operation.descriptor()))
        && !guardrails.isProtected(
            operation.file().device(), operation.file().inode(), operation.file().birthNanos())) {
      responder.answer(operation, Verdict.DENY, DecisionBasis.KERNEL_POLICY);
      counters.add(Counter.MODULES_REFUSED);
      recorder.record(operation, null, Panel.empty());
    } else if (onlyForModules.test(operation.file().device())) {
      responder.answer(operation, Verdict.ALLOW, DecisionBasis.NOT_JUDGED);
      responder.release(operation);
    } else {
      next.handle(operation);
    }
  }

  /// Whether a file of this name is one that the tools for modules would load.
  static boolean isModule(String path) {
    String name =
        path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
    for (String suffix : SUFFIXES) {
      if (name.endsWith(suffix)) {
        return true;
      }
    }
    return false;
  }
}
