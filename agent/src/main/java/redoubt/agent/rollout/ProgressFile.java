package redoubt.agent.rollout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import redoubt.agent.fleet.Membership;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.HostMessage;

/// The bundles that there were leases for, on disk: a line for each. Stateless.
final class ProgressFile {
  private static final String FORM = "redoubt activations 1";
  private static final String NOTHING = "-";
  private static final int MOST_BYTES = 16 * 1024;
  private static final int PARTS = 7;

  private final PrivateFile file;

  /// @param folder where it lies; made when something is written
  ProgressFile(Path folder) {
    file = new PrivateFile(folder.resolve("activations"), MOST_BYTES);
  }

  /// What was written for this enrolment; what cannot be read is as nothing: the server asks.
  List<Progress> read(Membership own) {
    try {
      String text = new String(file.read().orElse(new byte[0]), StandardCharsets.US_ASCII);
      List<String> lines = text.lines().toList();
      List<Progress> all = new ArrayList<>();
      if (lines.size() >= 2 && lines.get(0).equals(FORM) && lines.get(1).equals(name(own))) {
        for (String line : lines.subList(2, lines.size())) {
          all.add(parse(line));
        }
      }
      return all;
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
    StringBuilder text = new StringBuilder(FORM).append('\n').append(name(own)).append('\n');
    for (Progress each : all) {
      BundleName bundle = each.bundle();
      text.append(bundle.vendor())
          .append(' ')
          .append(bundle.engine())
          .append(' ')
          .append(bundle.name())
          .append(' ')
          .append(bundle.version())
          .append(' ')
          .append(bundle.sha256())
          .append(' ')
          .append(each.lease())
          .append(' ')
          .append(each.step().map(Enum::name).orElse(NOTHING))
          .append('\n');
    }
    file.write(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static String name(Membership own) {
    return own.host() + " " + own.enrolment();
  }
}
