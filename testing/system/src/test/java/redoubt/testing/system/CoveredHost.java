package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import redoubt.agent.journal.JournalLine;

/// Two scratch file systems and the agent that covers them: on one execs are judged, on the other
/// opens too. Not thread-safe.
final class CoveredHost implements AutoCloseable {
  /// What the agent is asked about.
  enum Judged {
    EXECS,
    EXECS_AND_OPENS
  }

  /// What came of one use of one file.
  ///
  /// @param file where it lay
  /// @param outcome of the command that used it
  /// @param decisions about it, the oldest first
  record Trial(Path file, Outcome outcome, List<JournalLine> decisions) {
    /// The classes of events that were seen, each once, in alphabetical order, such as `EXEC OPEN`.
    String seen() {
      return decisions.stream()
          .map(JournalLine::code)
          .distinct()
          .sorted()
          .collect(Collectors.joining(" "));
    }

    /// The answers that were given, each once, such as `DENY`.
    String answers() {
      return decisions.stream()
          .map(JournalLine::answer)
          .distinct()
          .collect(Collectors.joining(" "));
    }
  }

  /// Some use of a file.
  interface Use {
    Outcome of(Path file) throws Exception;
  }

  private final ScratchFileSystem execs;
  private final ScratchFileSystem opens;
  private final RunningAgent agent;
  private int trials;

  private CoveredHost(ScratchFileSystem execs, ScratchFileSystem opens, RunningAgent agent) {
    this.execs = execs;
    this.opens = opens;
    this.agent = agent;
  }

  /// Makes the file systems and starts the agent.
  static CoveredHost start() throws Exception {
    ScratchFileSystem execs = ScratchFileSystem.ext4(128);
    ScratchFileSystem opens = ScratchFileSystem.ext4(128);
    return new CoveredHost(
        execs,
        opens,
        RunningAgent.start(execs, "--filesystem", opens.root(), "--opens", opens.root()));
  }

  RunningAgent agent() {
    return agent;
  }

  /// Puts a file alone into a new folder, uses it, and gathers what the journal says of it.
  Trial use(byte[] content, Judged judged, Use use) throws Exception {
    Path file = place(content, judged);
    long before = settled();
    Outcome outcome = use.of(file);
    return new Trial(file, outcome, decisionsAbout(file, KnownBad.sha256(content), before));
  }

  private Path place(byte[] content, Judged judged) throws Exception {
    ScratchFileSystem on = judged == Judged.EXECS ? execs : opens;
    trials++;
    return on.program("trial-" + trials + "/file", content);
  }

  /// By either: a copy in memory has another path, what is read through an overlay lies elsewhere.
  private List<JournalLine> decisionsAbout(Path file, String sha256, long before) throws Exception {
    String folder = "/" + Folders.of(file).getFileName() + "/";
    long after = settled();
    return agent.journal(line ->
        line.kind() == JournalLine.Kind.DECISION
            && line.sequence() > before
            && line.sequence() < after
            && (line.sha256().equals(sha256) || line.path().contains(folder)));
  }

  /// Executes something never seen before and waits until that is in the journal, so that what came
  /// before it is too.
  ///
  /// @return the journal's number for it
  private long settled() throws Exception {
    trials++;
    Path sentinel = execs.program("sentinel-" + trials, Specimen.PROGRAM.good(trials));
    Outcome.of(sentinel).requireSuccess();
    long sequence = agent.awaitDecision(sentinel).sequence();
    Files.delete(sentinel);
    return sequence;
  }

  @Override
  public void close() throws IOException {
    agent.close();
    opens.close();
    execs.close();
  }
}
