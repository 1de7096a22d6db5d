package redoubt.agent.admission;

import redoubt.agent.admission.AdmissionReport.Problem;
import redoubt.agent.admission.AdmissionReport.Step;

/// The bundle is refused, and there is nothing more to try.
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1;

  private final Step step;

  RefusedException(Step step, String text) {
    super(text);
    this.step = step;
  }

  Problem problem() {
    return new Problem(step, String.valueOf(getMessage()));
  }
}
