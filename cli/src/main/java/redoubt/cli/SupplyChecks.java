package redoubt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.updates.UpdatePolicy;
import redoubt.agent.updates.UpdatesFile;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.mirror.MirrorAddress;
import redoubt.core.tuf.policy.PinnedRepository;
import redoubt.core.tuf.policy.TrustedVendor;

/// What the doctor says of where bundles come from: the repositories that are trusted, what fetches
/// from them, and what is followed.
final class SupplyChecks {
  private static final String REPOSITORIES = "repositories";
  private static final String UPDATES = "updates";
  private static final Path CURL = Path.of("/usr/bin/curl");

  private SupplyChecks() {}

  static List<Check> run(Session session) {
    List<Check> checks = new ArrayList<>();
    List<PinnedRepository> trusted;
    try {
      trusted = TrustRootCommands.of(session).read();
    } catch (IOException | TufException e) {
      checks.add(
          Check.warn(
              REPOSITORIES,
              Printable.of(String.valueOf(e.getMessage())),
              "no bundle is fetched until that is mended"));
      return checks;
    }
    if (!trusted.isEmpty()) {
      checks.add(fetched(trusted));
    }
    checks.addAll(followed(session, trusted));
    return checks;
  }

  private static Check fetched(List<PinnedRepository> trusted) {
    boolean behindAddresses =
        trusted.stream()
            .anyMatch(each -> each.mirror().address(MirrorAddress.Part.METADATA).isPresent());
    return Check.expect(
        !behindAddresses || Files.isExecutable(CURL),
        REPOSITORIES,
        trusted.size() + " trusted",
        trusted.size() + " trusted, and nothing to fetch with from an address",
        "apt install curl ca-certificates");
  }

  private static List<Check> followed(Session session, List<PinnedRepository> trusted) {
    try {
      Set<String> vendors =
          trusted.stream()
              .flatMap(each -> each.trusted().vendors().stream())
              .map(TrustedVendor::name)
              .collect(Collectors.toSet());
      return new UpdatesFile(session.directories().state())
          .read().values().stream().map(policy -> followed(policy, vendors)).toList();
    } catch (PolicyException e) {
      return List.of(Check.warn(UPDATES, e.getMessage(), e.fix()));
    }
  }

  private static Check followed(UpdatePolicy policy, Set<String> vendors) {
    return Check.expect(
        vendors.contains(policy.vendor()),
        UPDATES,
        ContentUpdateCommands.sentence(policy),
        policy.engine() + " follows " + policy.vendor() + ", for whom nobody is trusted",
        "redoubt trust-root add says whom to trust");
  }
}
