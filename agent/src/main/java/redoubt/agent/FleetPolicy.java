package redoubt.agent;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.agent.fleet.PolicyOrders;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.policy.ExceptionsFile;
import redoubt.agent.policy.PolicyException;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;

/// The exceptions of the fleet on this host, beside those of its owner. They stay in force while
/// the server is away, and over restarts.
///
/// @param file where they are kept
/// @param guardrails are told of each change
record FleetPolicy(
    ExceptionsFile file, PolicyGuardrails guardrails, Notices notices, TimeSource time)
    implements PolicyOrders {
  private static final String SUBJECT = "fleet";

  @Override
  public HostMessage.PolicyInForce take(FleetMessage.Policy policy) {
    try {
      ExceptionsFile.Replaced replaced = put(policy);
      List<String> problems = replaced.problems();
      if (replaced.isChange()) {
        notices.report(
            PlatformNotice.Kind.POLICY_CHANGED,
            SUBJECT,
            "exceptions of the fleet in force: version="
                + policy.version()
                + " count="
                + (policy.exemptions().size() - problems.size())
                + " left_out="
                + problems.size());
      }
      return new HostMessage.PolicyInForce(
          policy.version(), problems.size(), problems.isEmpty() ? "" : problems.getFirst());
    } catch (PolicyException e) {
      String problem = String.valueOf(e.getMessage());
      notices.report(
          PlatformNotice.Kind.POLICY_CHANGED,
          SUBJECT,
          "the exceptions of the fleet are as they were: " + problem);
      return new HostMessage.PolicyInForce(
          guardrails.fleetVersion(), policy.exemptions().size(), problem);
    }
  }

  @Override
  public void end() {
    take(new FleetMessage.Policy(0, List.of()));
  }

  private ExceptionsFile.Replaced put(FleetMessage.Policy policy) throws PolicyException {
    Instant now = Instant.ofEpochMilli(time.wallMillis());
    ExceptionsFile.Replaced replaced =
        file.replace(
            policy.exemptions().stream()
                .map(FleetPolicy::given)
                .filter(given -> isToCome(given.proposal().until(), now))
                .toList(),
            policy.version(),
            now);
    guardrails.reload();
    return replaced;
  }

  private static boolean isToCome(@Nullable Instant end, Instant now) {
    return end == null || end.isAfter(now);
  }

  private static ExceptionsFile.Given given(FleetMessage.Exemption exemption) {
    return new ExceptionsFile.Given(
        new ExceptionsFile.Proposal(
            exemption.value(),
            exemption.engine(),
            exemption.untilSeconds() == 0 ? null : Instant.ofEpochSecond(exemption.untilSeconds()),
            exemption.comment()),
        Instant.ofEpochSecond(exemption.madeSeconds()));
  }
}
