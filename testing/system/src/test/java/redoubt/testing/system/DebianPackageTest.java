package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The package in a copy of this host, under a real systemd: without start-up caches, which take
/// two minutes to make. What needs another Debian and a reboot is in `testing/guest`.
class DebianPackageTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration READY = Duration.ofSeconds(60);

  private static ScratchFileSystem scratch;
  private static SystemdContainer container;
  private static Path packages;
  private static Path good;
  private static Path bad;

  @BeforeAll
  static void build() throws Exception {
    packages = Folders.make("redoubt-packages-");
    Path tool = Distribution.frontDoor().resolveSibling("tools").resolve("build-deb");
    ProcessBuilder builder =
        new ProcessBuilder(tool.toString(), "--without-caches", packages.toString())
            .redirectErrorStream(true)
            .redirectOutput(packages.resolve("log").toFile());
    builder.environment().put("REDOUBT_PACKAGE_VERSION", "1");
    Process built = builder.start();
    assertTrue(built.waitFor(8, TimeUnit.MINUTES), "the package is built");
    assertEquals(0, built.exitValue(), Files.readString(packages.resolve("log")));
    repack("2", tree -> {});
    repack(
        "3", tree -> Files.writeString(tree.resolve("usr/lib/redoubt/libexec/jvm-flags.sh"), ""));
    scratch = ScratchFileSystem.ext4(32);
    good = scratch.program("good", Specimen.PROGRAM.good());
    bad = scratch.program("bad", Specimen.PROGRAM.bad());
    container = SystemdContainer.bare(scratch, packages);
  }

  @AfterAll
  static void end() throws Exception {
    container.close();
    scratch.close();
    Outcome.of("rm", "-rf", packages).requireSuccess();
  }

  /// What is another in a package than in the first one.
  @FunctionalInterface
  private interface Change {
    void make(Path tree) throws Exception;
  }

  private static void repack(String version, Change change) throws Exception {
    Path tree = packages.resolve("tree");
    Outcome.of("dpkg-deb", "-R", file("1"), tree).requireSuccess();
    Path control = tree.resolve("DEBIAN/control");
    Files.writeString(
        control, Files.readString(control).replace("Version: 1\n", "Version: " + version + "\n"));
    change.make(tree);
    Outcome.of("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, file(version))
        .requireSuccess();
    Outcome.of("rm", "-rf", tree).requireSuccess();
  }

  private static Path file(String version) {
    return packages.resolve("redoubt_" + version + "_amd64.deb");
  }

  private static Outcome install(String version) {
    // Nobody waits as long as usual for what never comes.
    return container.run(
        "env",
        "REDOUBT_READY_SECONDS=20",
        "dpkg",
        "-i",
        SystemdContainer.PACKAGES.resolve(file(version).getFileName()));
  }

  private static String installed() {
    return container.run("dpkg-query", "-W", "-f", "${Version}", "redoubt").output().strip();
  }

  /// From whatever the test before left.
  private static void restore(String version) {
    if (!installed().equals(version) || !container.protects()) {
      install(version).requireSuccess();
      container.run("systemctl", "start", "redoubt").requireSuccess();
    }
  }

  private static Path inside(Path program) {
    return SystemdContainer.SCRATCH.resolve(scratch.root().relativize(program));
  }

  private static void requireProtection() throws Exception {
    container.awaitProtection();
    assertTrue(container.run(inside(good)).ran());
    assertTrue(container.run(inside(bad)).denied());
  }

  @Test
  void whoeverInstallsItIsProtected() throws Exception {
    container.run("dpkg", "-P", "redoubt");
    assertEquals(0, container.hooks());
    install("1").requireSuccess();
    assertTrue(container.protects(), "when dpkg is done");
    requireProtection();
    assertEquals("enabled", container.run("systemctl", "is-enabled", "redoubt").output().strip());
    assertTrue(container.run("man", "-w", "redoubt-run").status() == 0);
    assertEquals(
        SystemdContainer.PACKAGED + "/runtime/bin/java",
        container.run("readlink", "/proc/" + container.agentPid() + "/exe").output().strip());
  }

  @Test
  void anUpgradeAndADowngradeUnderLoadHarmNobody() throws Exception {
    restore("1");
    for (String version : new String[] {"2", "1"}) {
      String before = container.agentPid();
      try (Load load = Load.executing(1, List.of(good))) {
        install(version).requireSuccess();
        Load.Tally tally = load.stop(good);
        assertEquals(0, tally.denied() + tally.failed(), tally.toString());
        assertTrue(tally.within(SECOND.multipliedBy(2)), tally.toString());
      }
      assertEquals(version, installed());
      assertNotEquals(before, container.agentPid());
      requireProtection();
    }
  }

  @Test
  void whatItsOwnerStoppedStaysStopped() throws Exception {
    restore("1");
    container.run("systemctl", "stop", "redoubt").requireSuccess();
    Outcome upgraded = install("2").requireSuccess();
    assertFalse(container.protects());
    assertTrue(upgraded.output().contains("it did not run before the upgrade"), upgraded.output());
  }

  @Test
  void anUpgradeAfterWhichNothingProtectsSaysSo() throws Exception {
    restore("1");
    Outcome upgraded = install("3");
    assertNotEquals(0, upgraded.status());
    assertTrue(upgraded.output().contains("this host is NOT protected"), upgraded.output());
    install("1").requireSuccess();
    requireProtection();
  }

  /// What a node agent of Kubernetes does to a node.
  @Test
  void aPodBringsThePackageAndItsEndCostsNoProtection() throws Exception {
    container.run("dpkg", "-P", "redoubt");
    try (NodePod pod = new NodePod(container, file("1"))) {
      assertNotEquals(0, pod.run("ready").status());
      pod.configure("mode: enforce\n");
      pod.start();
      container.awaitProtection();
      requireProtection();
      Await.until("readiness", READY, () -> pod.run("ready").status() == 0);
      assertEquals("1", installed());

      pod.configure("mode: monitor\n");
      Await.until("the other mode", READY, () -> container.run(inside(bad)).ran());
      pod.configure("mode: whatever\n");
      Await.until("a word on it", READY, () -> pod.said().contains("what was in force stays"));
      assertEquals(
          "mode: monitor", container.run("cat", "/etc/redoubt/redoubt.yaml").output().strip());

      assertEquals(0, pod.end(), pod.said());
      assertTrue(pod.said().contains("the node stays protected"), pod.said());
      assertTrue(container.protects());
      pod.run("remove").requireSuccess();
      assertEquals(0, container.hooks());
    } finally {
      // its configuration is not what the other tests expect
      container.run("dpkg", "-P", "redoubt");
    }
  }

  @Test
  void aRemovalLeavesNoHookAndAPurgeNothing() throws Exception {
    restore("1");
    assertTrue(container.hooks() > 0);
    try (Load load = Load.executing(1, List.of(good))) {
      container.run("dpkg", "-r", "redoubt").requireSuccess();
      Load.Tally tally = load.stop(good);
      assertEquals(0, tally.denied() + tally.failed(), tally.toString());
    }
    assertEquals(0, container.hooks());
    assertTrue(container.run(inside(bad)).ran());
    assertEquals(0, container.run("test", "-d", "/var/lib/redoubt/journal").status());
    container.run("dpkg", "-P", "redoubt").requireSuccess();
    for (String left : new String[] {"/var/lib/redoubt", "/usr/lib/redoubt", "/run/redoubt"}) {
      assertNotEquals(0, container.run("test", "-e", left).status(), left);
    }
  }
}
