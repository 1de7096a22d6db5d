package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;

/// This very host, locked: only what packages brought and what is trusted runs, and what a host
/// does every day goes on: packages are installed and upgraded, people log in, daily jobs run, and
/// this project is built in a folder that its owner trusts.
///
/// Not a part of `make check`, which covers nothing but scratch file systems: `make campaign` runs
/// it.
class LockedHostCampaign {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(6);

  /// Those that would wait for their time, or fetch something.
  private static final String DAILY =
      """
      for job in /etc/cron.daily/*; do
        case ${job##*/} in
          apt-compat | unattended-upgrades) ;;
          *) [ ! -x "$job" ] || "$job" || { echo "failed: $job"; exit 1; } ;;
        esac
      done
      echo daily jobs ran
      """;

  private Path folder;

  @BeforeEach
  void makeFolder() throws Exception {
    folder = Folders.makeRootOnly("redoubt-locked-");
  }

  @AfterEach
  void removeFolder() {
    Outcome.of("rm", "-rf", "--one-file-system", folder).requireSuccess();
  }

  @Test
  void whatAHostDoesEveryDayGoesOn() throws Exception {
    Path checkout = folder.resolve("checkout");
    Outcome.of("git", "clone", "-q", Folders.of(Distribution.frontDoor()), checkout)
        .requireSuccess();
    Path stranger = folder.resolve("stranger");
    Files.write(stranger, Specimen.PROGRAM.good(1));
    Folders.open(stranger);

    try (RunningAgent agent =
            RunningAgent.startOnWholeHost(LIFE, List.of("--app-control", "lockdown"));
        TestPackage tool = TestPackage.in(folder.resolve("package/tool"))) {
      agent.command("trust", "add", checkout).requireSuccess();
      agent.command("trust", "add", mavenHome()).requireSuccess();

      assertTrue(Outcome.of(stranger).denied(), "it is locked");
      assertTrue(tool.install(1).output().contains("made something that ran"));
      assertTrue(tool.install(2).output().contains("made something that ran"));
      assertTrue(Outcome.of(tool.program()).ran());
      assertTrue(Outcome.of("apt-get", "-q", "check").requireSuccess().status() == 0);
      assertEquals(
          "nobody\n",
          Outcome.of("su", "nobody", "-s", "/bin/sh", "-c", "id -un").requireSuccess().output());
      Outcome daily = Outcome.within(LIFE, "sh", "-c", DAILY);
      assertTrue(daily.output().contains("daily jobs ran"), daily::toString);
      build(checkout);

      List<JournalLine> denied = agent.journal(line -> line.answer().equals("DENY"));
      assertFalse(denied.isEmpty());
      for (JournalLine line : denied) {
        assertTrue(line.path().startsWith(folder.toString()), line::raw);
      }
      System.out.printf("figures: locked host: %d denials, all meant%n", denied.size());
      assertEquals(0, agent.stop());
    }
  }

  /// Where the project keeps the Maven that it fetches.
  private static Path mavenHome() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path home = Path.of(System.getProperty("user.home"));
    return (cache == null ? home.resolve(".cache") : Path.of(cache)).resolve("redoubt");
  }

  private static void build(Path checkout) throws Exception {
    Path source = Files.writeString(checkout.resolve("main.c"), "int main(void) { return 7; }\n");
    Path program = checkout.resolve("main");
    Outcome.of("gcc", "-o", program, source).requireSuccess();
    assertEquals(7, Outcome.of(program).status());
    Outcome built =
        Outcome.within(
            BUILD_LIMIT,
            "sh",
            "-c",
            "cd " + checkout + " && ./mvnw -B -ntp -o -q -pl core/linux -am -DskipTests compile");
    assertEquals(0, built.status(), built::toString);
    assertTrue(Files.isDirectory(checkout.resolve("core/linux/target/classes")), built::toString);
  }
}
