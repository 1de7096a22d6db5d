package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// The starter rules look on while this very host does what hosts do: builds a Debian package from
/// its source, installs, upgrades and removes it with apt, keeps it in git, edits it, runs its
/// daily jobs. What they find is a false alarm.
///
/// Not a part of `make check`, as [WholeHostCampaign].
class NormalWorkCampaign {
  private static final Path RULES = Path.of("../../packaging/content/rules/linux");
  private static final String USER = "54321";
  private static final Duration LIFE = Duration.ofMinutes(50);
  private static final Duration ROUND_LIMIT = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// What a rule finds for certain, after all that was before.
  private static final String END = "echo aWQ= | base64 -d | sh # the end of this work";

  private static final long LEAST_EVENTS = 200_000;
  private static final long EVENTS_FOR_AN_ALARM = 50_000;

  private Path folder;

  @BeforeEach
  void fetchSources() throws Exception {
    folder = Folders.make("redoubt-work-");
    for (String name : List.of("host-workload.sh", "everyday-work.sh")) {
      try (InputStream text = NormalWorkCampaign.class.getResourceAsStream(name)) {
        Files.copy(
            Objects.requireNonNull(text),
            folder.resolve(name),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    run("host-workload.sh", "prepare");
  }

  @AfterEach
  void removeFolder() {
    Outcome.of("rm", "-rf", "--one-file-system", folder).requireSuccess();
  }

  @Test
  void normalWorkRaisesHardlyAFalseAlarm() throws Exception {
    List<String> options = List.of("--rules", RULES.toRealPath().toString());
    try (RunningAgent agent = RunningAgent.startOnWholeHost(LIFE, options)) {
      long before = agent.counter("host_events_total");
      long events = 0;
      int rounds = 0;
      while (events < LEAST_EVENTS) {
        run("host-workload.sh", "work");
        run("everyday-work.sh");
        rounds++;
        events = agent.counter("host_events_total") - before;
      }
      Outcome.of("sh", "-c", END).requireSuccess();
      agent.awaitLine("the end", PATIENCE, line -> isAlarm(line) && line.raw().contains(END));
      Map<String, Long> alarms = alarms(agent);
      long count = alarms.values().stream().mapToLong(Long::longValue).sum();
      System.out.printf(
          "figures: normal work: %d events in %d rounds of build, install, upgrade, git, editors and"
              + " daily jobs, %d false alarms %s%n",
          events, rounds, count, alarms);
      for (String loss :
          List.of(
              "process_events_lost_total",
              "file_events_lost_total",
              "network_events_lost_total",
              "device_events_lost_total",
              "notify_lost_total")) {
        assertEquals(0, agent.counter(loss), loss);
      }
      assertTrue(count <= events / EVENTS_FOR_AN_ALARM, alarms::toString);
      assertEquals(0, agent.stop());
    }
  }

  private static boolean isAlarm(JournalLine line) {
    return line.kind() == JournalLine.Kind.FINDING && line.raw().contains("\"engine\":\"sigma\"");
  }

  /// How often each rule found something, by its title.
  private static Map<String, Long> alarms(RunningAgent agent) throws IOException {
    return agent.journal(line -> isAlarm(line) && !line.raw().contains(END)).stream()
        .collect(Collectors.groupingBy(JournalLine::message, TreeMap::new, Collectors.counting()));
  }

  private void run(String script, String... what) {
    Object[] command = new Object[4 + what.length];
    command[0] = "sh";
    command[1] = folder.resolve(script);
    System.arraycopy(what, 0, command, 2, what.length);
    command[2 + what.length] = folder;
    command[3 + what.length] = USER;
    Outcome.within(ROUND_LIMIT, command).requireSuccess();
  }
}
