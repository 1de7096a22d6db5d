package redoubt.agent.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.FleetCodec;

/// This host's membership on disk: a line for each part, the key among them. Stateless.
final class MembershipFile {
  private static final String FORM = "redoubt fleet 2";
  private static final int MOST_BYTES = 64 * 1024;
  private static final int CERTIFICATES_FROM = 9;
  private static final String OWN_UPDATES = "updates local";
  private static final String FLEET_UPDATES = "updates fleet";
  private static final String FIX = "enrol this host anew: redoubt fleet join";

  private final PrivateFile file;

  /// @param folder where it lies
  MembershipFile(Path folder) {
    file = new PrivateFile(folder.resolve("membership"), MOST_BYTES);
  }

  /// What is kept; nothing if this host is of no fleet.
  ///
  /// @throws PolicyException if it is damaged, or another user could have written it
  Optional<KeptMembership> read() throws PolicyException {
    Optional<byte[]> bytes = file.read();
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(parse(new String(bytes.get(), StandardCharsets.US_ASCII)));
  }

  private KeptMembership parse(String text) throws PolicyException {
    String[] lines = text.split("\n", -1);
    int last = lines.length - 1;
    int certificates = last - CERTIFICATES_FROM;
    try {
      if (lines[0].equals(FORM)
          && lines[last].isEmpty()
          && certificates >= 1
          && certificates <= FleetCodec.CERTIFICATES) {
        int enrolment = Integer.parseInt(lines[5]);
        Octets leaseKey = octets(lines[6]);
        if (enrolment >= 1
            && leaseKey.length() == FleetCodec.KEY_BYTES
            && (lines[8].equals(OWN_UPDATES) || lines[8].equals(FLEET_UPDATES))) {
          return new KeptMembership(
              new Membership(HostId.parse(lines[4]), enrolment, leaseKey),
              new FleetPlace(lines[1], Integer.parseInt(lines[2]), Sha256.parse(lines[3])),
              octets(lines[7]),
              Arrays.stream(lines, CERTIFICATES_FROM, last).map(MembershipFile::octets).toList(),
              lines[8].equals(OWN_UPDATES));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new PolicyException("damaged: file=" + file.path(), FIX, e);
    }
    throw new PolicyException("damaged: file=" + file.path(), FIX);
  }

  private static Octets octets(String text) {
    return Octets.of(Base64.getDecoder().decode(text));
  }

  /// Keeps a membership instead of what was kept, whole or not at all.
  void write(KeptMembership kept) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(FORM);
    lines.add(kept.place().name());
    lines.add(Integer.toString(kept.place().port()));
    lines.add(kept.place().authority().toString());
    lines.add(kept.own().host().toString());
    lines.add(Integer.toString(kept.own().enrolment()));
    lines.add(text(kept.own().leaseKey()));
    lines.add(text(kept.key()));
    lines.add(kept.ownUpdates() ? OWN_UPDATES : FLEET_UPDATES);
    kept.certificates().forEach(certificate -> lines.add(text(certificate)));
    file.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(Octets octets) {
    return Base64.getEncoder().encodeToString(octets.toArray());
  }

  /// Forgets the fleet.
  void remove() throws IOException {
    Files.deleteIfExists(file.path());
  }
}
