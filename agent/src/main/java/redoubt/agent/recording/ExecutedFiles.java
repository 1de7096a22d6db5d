package redoubt.agent.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import redoubt.agent.account.Ranking;
import redoubt.agent.account.Spot;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;

/// Which programs are executed here most, over restarts of the agent. Thread-safe.
///
/// Its file has one line for each: how often, a blank, its path. A path in which a line ends is not
/// kept.
public final class ExecutedFiles {
  /// How many are kept; beyond it the ranking is approximate (see [Ranking]).
  public static final int MOST = 512;

  private static final int MOST_FILE_BYTES = MOST * 5_000;

  private final PrivateFile file;
  private final Ranking ranking = new Ranking(MOST);

  private ExecutedFiles(PrivateFile file) {
    this.file = file;
  }

  /// Those of a folder. What cannot be read there is forgotten: it is only a sample.
  public static ExecutedFiles in(Path folder) {
    ExecutedFiles files =
        new ExecutedFiles(new PrivateFile(folder.resolve("executed"), MOST_FILE_BYTES));
    files.read();
    return files;
  }

  private synchronized void read() {
    try {
      file.read()
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
          .ifPresent(text -> text.lines().limit(MOST).forEach(this::readLine));
    } catch (PolicyException _) {
      // It is written anew.
    }
  }

  private void readLine(String line) {
    int blank = line.indexOf(' ');
    if (blank < 1) {
      return;
    }
    try {
      ranking.add(line.substring(blank + 1), Long.parseLong(line.substring(0, blank)), false);
    } catch (NumberFormatException _) {
      // Somebody wrote into it; the next one may be whole.
    }
  }

  /// Takes what was decided.
  ///
  /// @param eventClass what was asked
  /// @param answer what the kernel was told
  /// @param path the file in question, empty if it is not known
  public void note(EventClass eventClass, Verdict answer, String path) {
    if (eventClass == EventClass.EXEC && answer == Verdict.ALLOW && !path.isEmpty()) {
      synchronized (this) {
        ranking.add(path, 1, false);
      }
    }
  }

  /// The paths of those that were executed most, the most first.
  ///
  /// @param least how often each was executed at least
  public List<Path> most(long least) {
    List<Spot> top;
    synchronized (this) {
      top = ranking.top(MOST);
    }
    return top.stream()
        .filter(spot -> spot.waitedNanos() >= least)
        .flatMap(spot -> path(spot.name()).stream())
        .toList();
  }

  /// A name that is none in the locale of this process cannot be looked at.
  private static Optional<Path> path(String name) {
    try {
      return Optional.of(Path.of(name));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  /// Writes them down.
  ///
  /// @throws IOException if they cannot be written
  public void write() throws IOException {
    String text;
    synchronized (this) {
      text =
          ranking.top(MOST).stream()
              .filter(spot -> spot.name().chars().noneMatch(Character::isISOControl))
              .map(ExecutedFiles::line)
              .collect(Collectors.joining());
    }
    file.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String line(Spot spot) {
    return spot.waitedNanos() + " " + spot.name() + "\n";
  }
}
