package redoubt.agent.response;

import java.util.List;
import java.util.Optional;

/// A process that was stopped on an engine's wish, as a line of the list says it.
///
/// @param id the freeze that it belongs to; 0 while its response is still under way
/// @param pid its process id
/// @param uniqueId the inode of its pidfd, never used twice within a boot
/// @param engine who wished it
/// @param rule what matched
/// @param image the program that it runs, empty if unknown
public record FrozenProcess(
    long id, int pid, long uniqueId, String engine, String rule, String image) {
  private static final int FIELDS = 6;

  /// The line that says it: fields separated by tabs, whatever is in their texts.
  String line() {
    return String.join(
        "\t",
        Long.toString(id),
        Integer.toString(pid),
        Long.toUnsignedString(uniqueId),
        plain(engine),
        plain(rule),
        plain(image));
  }

  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /// What a line says; nothing if it is none.
  static Optional<FrozenProcess> of(String line) {
    List<String> fields = List.of(line.split("\t", -1));
    if (fields.size() != FIELDS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new FrozenProcess(
              Long.parseLong(fields.get(0)),
              Integer.parseInt(fields.get(1)),
              Long.parseUnsignedLong(fields.get(2)),
              fields.get(3),
              fields.get(4),
              fields.get(5)));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
