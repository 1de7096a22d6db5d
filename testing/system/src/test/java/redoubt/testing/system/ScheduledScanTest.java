package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// `--scan-at`: the host is scanned when it is time, unasked.
class ScheduledScanTest {
  /// The host is left alone for a minute after the start.
  private static final Duration LIMIT = Duration.ofSeconds(150);

  @Test
  void aHostThatWasOffAtItsTimeIsScannedOnceItIsBack() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(32)) {
      Path bad = Files.write(scratch.root().resolve("bad"), Specimen.PROGRAM.bad());
      try (RunningAgent agent = RunningAgent.start(scratch, "--scan-at", "00:00")) {
        Instant last = Instant.now().minus(Duration.ofDays(2));
        Files.writeString(agent.stateDirectory().resolve("last-scan"), last.toEpochMilli() + "\n");
        agent.awaitLine(
            "finding about " + bad,
            LIMIT,
            line -> line.kind() == JournalLine.Kind.FINDING && line.raw().contains(bad.toString()));
        JournalLine notice =
            agent.awaitLine(
                "how it ended", LIMIT, line -> line.raw().contains("scheduled scan of"));
        assertTrue(notice.raw().contains("something was found"), notice::raw);
        assertTrue(notice.raw().contains(scratch.root().toString()), notice::raw);
      }
    }
  }
}
