package redoubt.agent.policy;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EngineId;

/// One exception of the owner's: what may run although an engine says DENY.
///
/// @param id names the exception in `allow remove` and in decision records; 1 to 32 of `a-z0-9-`
/// @param kind what `value` is
/// @param value 64 lower-case hexadecimal digits; an absolute, normalised path, ending in `/` for
///   everything below a directory; or a package name
/// @param engine the engine whose DENY it outweighs, or `*` for every engine
/// @param until when it ends, or null for never
/// @param addedBy the user id that added it
/// @param added when it was added
/// @param comment why, for people; at most 256 characters, no control characters
/// @param files for a package whose database cannot be asked while an agent runs, its files as they
///   were when the exception was added; otherwise empty
public record ExceptionEntry(
    String id,
    Kind kind,
    String value,
    String engine,
    @Nullable Instant until,
    int addedBy,
    Instant added,
    String comment,
    List<String> files) {
  /// Stands for every engine.
  public static final String EVERY_ENGINE = "*";

  static final int MAX_COMMENT_CHARS = 256;
  static final int MAX_PATH_CHARS = 4096;

  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,32}");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern ANY_CASE_DIGEST = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern PACKAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,127}");

  /// What an exception names.
  public enum Kind {
    /// A content, wherever it lies.
    HASH,
    /// A file, or all files below a directory, that only root can write.
    PATH,
    /// The files of an installed package.
    PACKAGE;

    /// Tells what an owner means by `value`: 64 hexadecimal digits are a hash, a leading `/` makes
    /// a path, anything else is a package name.
    public static Kind of(String value) {
      if (value.startsWith("/")) {
        return PATH;
      }
      return ANY_CASE_DIGEST.matcher(value).matches() ? HASH : PACKAGE;
    }

    /// Returns the word in files and output.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @throws IllegalArgumentException if a field breaks its rule
  public ExceptionEntry {
    files = List.copyOf(files);
    require(ID.matcher(id).matches(), "id", id);
    require(isValue(kind, value), kind.toString(), value);
    require(isEngine(engine), "engine", engine);
    require(addedBy >= 0, "addedBy", Integer.toString(addedBy));
    require(isComment(comment), "comment", comment);
    require(kind == Kind.PACKAGE || files.isEmpty(), "files", files.toString());
    files.forEach(file -> require(isPath(file), "files", file));
  }

  /// The same with another id and another time of its making.
  ExceptionEntry madeElsewhere(String otherId, Instant made) {
    return new ExceptionEntry(otherId, kind, value, engine, until, addedBy, made, comment, files);
  }

  /// Whether it still counts at `now`.
  public boolean isInForce(Instant now) {
    return until == null || now.isBefore(until);
  }

  /// Whether it outweighs a DENY of that engine's.
  public boolean concerns(EngineId asked) {
    return engine.equals(EVERY_ENGINE) || engine.equals(asked.value());
  }

  /// Whether it names every file below a directory.
  boolean isDirectory() {
    return kind == Kind.PATH && value.endsWith("/");
  }

  /// Whether both except the same thing from the same engine.
  boolean sameSubject(ExceptionEntry other) {
    return kind == other.kind && value.equals(other.value) && engine.equals(other.engine);
  }

  private static boolean isValue(Kind kind, String value) {
    return switch (kind) {
      case HASH -> DIGEST.matcher(value).matches();
      case PATH -> isPath(value) && !value.equals("/");
      case PACKAGE -> PACKAGE.matcher(value).matches();
    };
  }

  private static boolean isPath(String text) {
    if (!text.startsWith("/") || text.length() > MAX_PATH_CHARS || text.indexOf('\0') >= 0) {
      return false;
    }
    String inside = "/" + text.substring(1, text.length() - (text.endsWith("/") ? 1 : 0)) + "/";
    return text.equals("/")
        || !(inside.contains("//") || inside.contains("/./") || inside.contains("/../"));
  }

  private static boolean isEngine(String engine) {
    if (engine.equals(EVERY_ENGINE)) {
      return true;
    }
    try {
      return new EngineId(engine).value().equals(engine);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static boolean isComment(String comment) {
    return comment.length() <= MAX_COMMENT_CHARS
        && comment.codePoints().noneMatch(Character::isISOControl);
  }

  private static void require(boolean kept, String name, String value) {
    if (!kept) {
      throw new IllegalArgumentException("not a valid exception: " + name + "=" + value);
    }
  }
}
