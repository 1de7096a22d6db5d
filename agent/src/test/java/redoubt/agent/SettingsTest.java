package redoubt.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.policy.SettingsFile;
import redoubt.core.model.EngineMode;

/// What is typed is for the one who types it to mend; a configuration has to protect the host
/// whatever has become of it.
class SettingsTest {
  private static final String SOURCE = "0".repeat(64);

  @TempDir Path folder;
  private AgentPaths paths;

  @BeforeEach
  void makePaths() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    paths = new AgentPaths(folder, folder, folder, folder, folder, List.of());
  }

  private void configure(String... options) throws IOException {
    Files.writeString(folder.resolve(SettingsFile.CONFIGURATION), "# made by the test\n");
    new SettingsFile(SOURCE, List.of(options)).write(SettingsFile.in(folder));
  }

  private void propose(String... options) throws IOException {
    new SettingsFile(SOURCE, List.of(options)).write(SettingsFile.proposedIn(folder));
  }

  @Test
  void whatIsTypedComesBehindTheConfiguration() throws Exception {
    configure("--mode=monitor", "--filesystem=/", "--content-trial-seconds=7");
    AgentOptions options =
        Settings.read(paths, List.of("--mode", "enforce", "--filesystem", "/proc")).now();
    assertEquals(EngineMode.ENFORCE, options.mode());
    assertEquals(List.of(Path.of("/"), Path.of("/proc")), options.fileSystems());
    assertEquals(7, options.contentStages().trial().toSeconds());
    assertTrue(options.forgiving());
  }

  @Test
  void withoutTheOwnersFileItCountsForNothing() throws Exception {
    configure("--mode=monitor");
    Files.delete(folder.resolve(SettingsFile.CONFIGURATION));
    AgentOptions options = Settings.read(paths, List.of()).now();
    assertEquals(EngineMode.ENFORCE, options.mode());
    assertTrue(!options.forgiving());
  }

  @Test
  void whatIsTypedAndNotThereEndsTheFirstStart() {
    for (String option :
        List.of("--protect", "--canary", "--ransomware-except", "--filesystem", "--engine")) {
      List<String> typed = List.of("--ransomware", "report", option, "/nowhere/x");
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> Settings.read(paths, typed), option);
      assertEquals(
          "not there: " + option.substring(2) + "=/nowhere/x", refused.getMessage(), option);
      Settings later =
          Settings.read(
              paths,
              List.of("--ransomware", "report", option, "/nowhere/x", "--restart-count", "1"));
      assertEquals(1, later.problems().size(), option);
    }
  }

  @Test
  void whatIsConfiguredAndNotThereIsSaidAndLeftOut() throws Exception {
    configure("--protect=/nowhere/x", "--mode=monitor");
    Settings settings = Settings.read(paths, List.of("--filesystem", "/"));
    assertEquals(List.of("not there, and left out: protect=/nowhere/x"), settings.problems());
    assertEquals(EngineMode.MONITOR, settings.now().mode());
  }

  @Test
  void aConfigurationThatCannotBeUsedLeavesWhatIsTyped() throws Exception {
    configure("--of-a-later-release=1");
    Settings settings = Settings.read(paths, List.of("--mode", "monitor"));
    assertEquals(EngineMode.MONITOR, settings.now().mode());
    assertTrue(settings.problems().getFirst().contains("--of-a-later-release"));
    Files.writeString(SettingsFile.in(folder), "nonsense");
    assertEquals(1, Settings.read(paths, List.of()).problems().size());
  }

  @Test
  void aProposalIsTakenOnlyIfAllOfItIsThere() throws Exception {
    Settings settings = Settings.read(paths, List.of());
    propose("--protect=/nowhere/x");
    assertThrows(IllegalArgumentException.class, settings::proposed);
    propose("--mode=monitor");
    assertEquals(EngineMode.MONITOR, settings.proposed().mode());
    assertEquals(EngineMode.ENFORCE, settings.now().mode());
  }

  /// The command line explains them by the same list.
  @Test
  void whatIsFixedIsKnownByName() {
    AgentOptions usual = AgentOptions.parse(List.of());
    Set<String> fixed =
        new TreeSet<>(
            usual.fixedThatDiffer(
                AgentOptions.parse(
                    List.of(
                        "--filesystem=/",
                        "--opens=/",
                        "--protect=/",
                        "--block-addresses=/etc/hosts",
                        "--never-block=192.0.2.1",
                        "--kernel=alert",
                        "--on-miss=deny",
                        "--soft-deadline-ms=100",
                        "--hard-deadline-ms=1500",
                        "--hello-limit-ms=20000",
                        "--kill-late",
                        "--observe-only",
                        "--scan-written"))));
    assertEquals(new TreeSet<>(SettingsFile.FIXED), fixed);
    assertEquals(
        List.of(),
        usual.fixedThatDiffer(
            AgentOptions.parse(
                List.of(
                    "--mode=monitor",
                    "--engine=/etc/hosts",
                    "--content=/etc/hosts",
                    "--rules=/etc",
                    "--clamav",
                    "--ransomware=freeze",
                    "--content-trial-seconds=1",
                    "--content-probation-seconds=11",
                    "--content-skip=trial",
                    "--quarantine"))));
    assertEquals(
        List.of("app-control"),
        usual.fixedThatDiffer(AgentOptions.parse(List.of("--app-control=audit"))));
    assertEquals(
        List.of(),
        AgentOptions.parse(List.of("--app-control=audit"))
            .fixedThatDiffer(AgentOptions.parse(List.of("--app-control=lockdown"))));
  }
}
