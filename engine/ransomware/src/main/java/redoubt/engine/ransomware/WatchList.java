package redoubt.engine.ransomware;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the owner of the host says: which files nobody has a reason to touch, and which programs
/// may make many files unreadable. Immutable.
///
/// Its text has a line for each: `canary PATH` or `except PROGRAM`, with an absolute path up to the
/// end of the line; empty lines and those that begin with `#` say nothing.
///
/// @param canaries the files
/// @param exempt the programs
record WatchList(Set<String> canaries, Set<String> exempt) {
  static final int MAX_BYTES = 1 << 20;
  private static final int MOST_LINES = 4_096;
  private static final String CANARY = "canary ";
  private static final String EXCEPT = "except ";

  WatchList {
    canaries = Set.copyOf(canaries);
    exempt = Set.copyOf(exempt);
  }

  /// What makes a list unusable.
  static final class BadListException extends Exception {
    private static final long serialVersionUID = 1;
    private final int line;

    private BadListException(int line, String message) {
      super(message);
      this.line = line;
    }

    /// Which line, from 1; 0 for the whole.
    int line() {
      return line;
    }
  }

  /// Reads the text of a list.
  ///
  /// @throws BadListException if it is too long, no UTF-8, or a line says neither
  static WatchList parse(byte[] text) throws BadListException {
    if (text.length > MAX_BYTES) {
      throw new BadListException(0, "longer than " + MAX_BYTES + " bytes");
    }
    List<String> lines = decode(text).lines().limit(MOST_LINES + 1L).toList();
    if (lines.size() > MOST_LINES) {
      throw new BadListException(0, "more than " + MOST_LINES + " lines");
    }
    Set<String> canaries = new HashSet<>();
    Set<String> exempt = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(CANARY)) {
        canaries.add(path(line.substring(CANARY.length()), i + 1));
      } else if (line.startsWith(EXCEPT)) {
        exempt.add(path(line.substring(EXCEPT.length()), i + 1));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        throw new BadListException(i + 1, "neither canary PATH nor except PROGRAM");
      }
    }
    return new WatchList(canaries, exempt);
  }

  private static String decode(byte[] text) throws BadListException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException _) {
      throw new BadListException(0, "no UTF-8");
    }
  }

  private static String path(String path, int line) throws BadListException {
    if (!path.startsWith("/")) {
      throw new BadListException(line, "no absolute path");
    }
    return path;
  }
}
