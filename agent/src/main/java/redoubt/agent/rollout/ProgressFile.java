package redoubt.agent.rollout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import redoubt.agent.fleet.EnrolmentFile;
import redoubt.agent.fleet.Membership;
import redoubt.agent.policy.PolicyException;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.HostMessage;

/// The bundles that there were leases for, on disk: a line for each. Stateless.
final class ProgressFile {
  private static final String NOTHING = "-";
  private static final int MOST_BYTES = 16 * 1024;
  private static final int PARTS = 7;

  private final EnrolmentFile file;

  /// @param folder where it lies; made when something is written
  ProgressFile(Path folder) {
    file = new EnrolmentFile(folder.resolve("activations"), "redoubt activations 1", MOST_BYTES);
  }

  /// What was written for this enrolment; what cannot be read is as nothing: the server asks.
  List<Progress> read(Membership own) {
    try {
      return file.read(own).stream().map(ProgressFile::parse).toList();
    } catch (PolicyException | IllegalArgumentException _) {
      return List.of();
    }
  }

  private static Progress parse(String line) {
    String[] parts = line.split(" ", -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("no activation");
    }
    BundleName bundle =
        new BundleName(
            parts[0],
            new EngineId(parts[1]),
            parts[2],
            Long.parseLong(parts[3]),
            Sha256.parse(parts[4]));
    Optional<HostMessage.Step> step =
        parts[6].equals(NOTHING)
            ? Optional.empty()
            : Optional.of(HostMessage.Step.valueOf(parts[6]));
    return new Progress(bundle, Long.parseLong(parts[5]), step);
  }

  void write(Membership own, List<Progress> all) throws IOException {
    file.write(own, all.stream().map(ProgressFile::line).toList());
  }

  private static String line(Progress each) {
    BundleName bundle = each.bundle();
    return String.join(
        " ",
        bundle.vendor(),
        bundle.engine().value(),
        bundle.name(),
        Long.toString(bundle.version()),
        bundle.sha256().toString(),
        Long.toString(each.lease()),
        each.step().map(Enum::name).orElse(NOTHING));
  }
}
