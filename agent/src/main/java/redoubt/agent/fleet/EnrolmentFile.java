package redoubt.agent.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;

/// Lines that are kept for one enrolment of this host, behind a line that says what they are and
/// one that says for whom. Stateless.
public final class EnrolmentFile {
  private final PrivateFile file;
  private final String form;

  /// Touches nothing yet.
  ///
  /// @param path where it lies
  /// @param form its first line
  /// @param maxBytes the longest that is read
  public EnrolmentFile(Path path, String form, int maxBytes) {
    file = new PrivateFile(path, maxBytes);
    this.form = form;
  }

  /// What was written for this enrolment; nothing if it was for another one, or in another form.
  ///
  /// @throws PolicyException if it cannot be read, or another user could have written it
  public List<String> read(Membership own) throws PolicyException {
    String text = new String(file.read().orElse(new byte[0]), StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    return lines.size() >= 2 && lines.get(0).equals(form) && lines.get(1).equals(name(own))
        ? lines.subList(2, lines.size())
        : List.of();
  }

  /// Writes lines instead of those that were there, whole or not at all.
  public void write(Membership own, List<String> lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(form, name(own)));
    all.addAll(lines);
    file.write((String.join("\n", all) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String name(Membership own) {
    return own.host() + " " + own.enrolment();
  }
}
