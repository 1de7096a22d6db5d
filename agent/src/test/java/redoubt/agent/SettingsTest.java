package redoubt.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
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
  void whatIsTypedAndNotThereEndsTheStartOfWhoIsThere() {
    for (String option :
        List.of("--protect", "--canary", "--ransomware-except", "--filesystem", "--engine")) {
      List<String> typed = List.of("--ransomware", "report", option, "/nowhere/x");
      List<String> attended = new ArrayList<>(typed);
      attended.add("--attended");
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> Settings.read(paths, attended), option);
      assertEquals(
          "not there: " + option.substring(2) + "=/nowhere/x", refused.getMessage(), option);
      // A host that boots is protected; nobody is there to mend it.
      assertEquals(1, Settings.read(paths, typed).problems().size(), option);
    }
  }

  @Test
  void whatIsConfiguredAndNotThereIsSaidAndLeftOut() throws Exception {
    configure(
        "--protect=/nowhere/x",
        "--filesystem=/nowhere/f",
        "--engine=/nowhere/e",
        "--block-addresses=/nowhere/b",
        "--never-block=192.0.2.1",
        "--ransomware=report",
        "--canary=/nowhere/c",
        "--mode=monitor");
    Settings settings = Settings.read(paths, List.of("--filesystem", "/"));
    assertEquals(5, settings.problems().size(), settings.problems()::toString);
    assertTrue(
        settings.problems().contains("not there, and left out: protect=/nowhere/x"),
        settings.problems()::toString);
    AgentOptions options = settings.now();
    assertEquals(EngineMode.MONITOR, options.mode());
    assertEquals(List.of(Path.of("/")), options.fileSystems());
    assertEquals(List.of(), options.engines());
    assertEquals(List.of(), options.protect());
    assertEquals(List.of(), options.blockAddresses());
    assertEquals(List.of(), options.ransomware().orElseThrow().canaries());
  }

  @Test
  void aConfigurationThatCannotBeUsedGivesWayToTheOneThatProtected() throws Exception {
    configure("--mode=monitor", "--protect=/");
    Settings.read(paths, List.of()).protects();
    configure("--mode=maybe");
    Settings settings = Settings.read(paths, List.of("--clamav"));
    assertEquals(EngineMode.MONITOR, settings.now().mode());
    assertEquals(List.of(Path.of("/")), settings.now().protect());
    assertTrue(settings.now().clamav());
    assertTrue(settings.problems().getFirst().contains("--mode=maybe"));

    Files.writeString(SettingsFile.in(folder), "nonsense");
    Files.writeString(SettingsFile.goodIn(folder), "nonsense");
    // The half that was typed has lost its other half.
    List<String> halves = List.of("--libraries", "--canary", "/", "--never-block", "192.0.2.1");
    settings = Settings.read(paths, halves);
    assertEquals(2, settings.problems().size());
    assertEquals(EngineMode.ENFORCE, settings.now().mode());
    List<String> none = new ArrayList<>(halves);
    none.addAll(List.of("--configuration", "none"));
    assertEquals(EngineMode.ENFORCE, Settings.read(paths, none).now().mode());
  }

  @Test
  void whatThisReleaseDoesNotKnowIsSaidAndLeftOut() throws Exception {
    configure("--of-a-later-release=--mode=enforce", "--another", "--mode=monitor");
    Settings settings = Settings.read(paths, List.of());
    assertEquals(2, settings.problems().size(), settings.problems()::toString);
    assertEquals(EngineMode.MONITOR, settings.now().mode());
    propose("--of-a-later-release=1");
    assertThrows(IllegalArgumentException.class, settings::proposed);
  }

  /// Without the file systems that it names it would cover all, with what was meant for them.
  @Test
  void aConfigurationOfWhichNoFileSystemIsThereIsNotUsed() throws Exception {
    configure("--filesystem=/nowhere/f", "--app-control=lockdown");
    AgentOptions options = Settings.read(paths, List.of()).now();
    assertTrue(options.appControl().isEmpty());
    configure("--filesystem=/nowhere/f", "--filesystem=/proc", "--app-control=lockdown");
    assertEquals(List.of(Path.of("/proc")), Settings.read(paths, List.of()).now().fileSystems());
  }

  @Test
  void theSupervisorSaysWhichOneIsRead() throws Exception {
    configure("--mode=monitor");
    Settings.read(paths, List.of()).protects();
    configure("--quarantine");
    assertTrue(Settings.read(paths, List.of()).now().quarantine());
    AgentOptions good = Settings.read(paths, List.of("--configuration", "good")).now();
    assertEquals(EngineMode.MONITOR, good.mode());
    AgentOptions none = Settings.read(paths, List.of("--configuration", "none")).now();
    assertEquals(EngineMode.ENFORCE, none.mode());
    assertTrue(!none.quarantine());
  }

  @Test
  void aProposalIsTakenOnlyIfAllOfItIsThere() throws Exception {
    Settings settings = Settings.read(paths, List.of());
    assertThrows(IllegalArgumentException.class, settings::proposed, "nothing is proposed");
    propose("--protect=/nowhere/x");
    assertThrows(IllegalArgumentException.class, settings::proposed);
    propose("--mode=monitor");
    Settings.Proposal proposal = settings.proposed();
    assertEquals(EngineMode.MONITOR, proposal.options().mode());
    assertEquals(EngineMode.ENFORCE, settings.now().mode());

    // What was read counts, and not what lies there by now.
    propose("--quarantine");
    settings.accept(proposal);
    assertEquals(
        List.of("--mode=monitor"),
        SettingsFile.read(SettingsFile.in(folder)).orElseThrow().options());
    assertTrue(!Files.exists(SettingsFile.goodIn(folder)));
    settings.protects();
    assertEquals(SOURCE + "\n", Files.readString(SettingsFile.runningIn(folder)));
    assertEquals(
        List.of("--mode=monitor"),
        SettingsFile.read(SettingsFile.goodIn(folder)).orElseThrow().options());
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
