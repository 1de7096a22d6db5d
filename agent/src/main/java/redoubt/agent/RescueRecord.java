package redoubt.agent;

import java.io.IOException;
import java.time.Duration;
import redoubt.agent.journal.Entry;
import redoubt.agent.journal.Journal;
import redoubt.agent.journal.JournalLimits;
import redoubt.core.model.PlatformNotice;

/// Every use of the rescue switch is written down, also when it keeps the agent from running.
final class RescueRecord {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private RescueRecord() {}

  /// Notes that a running agent only observes because of the switch.
  static void notice(Agent agent, RescueSwitch used) {
    agent.notice(PlatformNotice.Kind.RESCUE, used.source(), "observing only");
  }

  /// Notes that no agent runs because of the switch.
  ///
  /// @return the exit status: stopped in order
  static int write(AgentPaths paths, RescueSwitch used) {
    long now = System.currentTimeMillis();
    try (Journal journal =
        Journal.open(paths.journal(), JournalLimits.DEFAULT, HostFactsReader.read(now), () -> {})) {
      journal.offer(
          new Entry.Notice(
              new PlatformNotice(
                  now,
                  PlatformNotice.Kind.RESCUE,
                  used.source(),
                  "switched off: nothing is hooked")));
      journal.flush(PATIENCE);
    } catch (IOException e) {
      System.err.println("redoubt: could not be written down: " + e.getMessage());
    }
    return 0;
  }
}
