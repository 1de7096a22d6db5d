package redoubt.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static redoubt.agent.policy.PolicyHost.protects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProtectedSetSourceTest {
  @TempDir Path temporary;
  private PolicyHost host;

  @BeforeEach
  void createHost() throws IOException {
    host = new PolicyHost(temporary);
  }

  @Test
  void protectsCriticalPackagesAndWhatTheyDependOn() throws IOException {
    Path shell = host.file("usr/bin/bash", "shell");
    Path library = host.file("usr/lib/libtinfo.so.6", "library");
    Path game = host.file("usr/games/tetris", "game");
    host.install("bash", "Pre-Depends: libtinfo6 (>= 6), libghost | libother:any", List.of(shell));
    host.install("libtinfo6", "", List.of(library));
    host.install("tetris", "", List.of(game));

    ProtectedSet set = host.protectedSets().scan();

    assertTrue(protects(set, shell));
    assertTrue(protects(set, library));
    assertFalse(protects(set, game));
    assertEquals("dpkg (2 packages)", set.source());
  }

  @Test
  void followsVirtualPackagesAndTakesEssentialOnes() throws IOException {
    Path awk = host.file("usr/bin/quiteawk", "awk");
    Path base = host.file("usr/bin/base", "base");
    host.install("oddly-named-base", "Essential: yes\nDepends: awk", List.of(base));
    host.install("quiteawk", "Provides: awk (= 1), other", List.of(awk));

    ProtectedSet set = host.protectedSets().scan();

    assertTrue(protects(set, base));
    assertTrue(protects(set, awk));
  }

  @Test
  void findsFilesThroughAMergedDirectory() throws IOException {
    Path shell = host.file("usr/bin/bash", "shell");
    Files.createSymbolicLink(host.root.resolve("bin"), Path.of("usr/bin"));
    host.install("bash", "", List.of(host.root.resolve("bin/bash")));

    assertTrue(protects(host.protectedSets().scan(), shell));
  }

  @Test
  void leavesOutWhatOthersCanWriteAndSaysWhy() throws IOException {
    Path loose = host.file("usr/bin/bash", "shell");
    Path open = host.file("opt/open/sudo", "sudo");
    PolicyHost.mode(loose, "rwxrwxrwx");
    PolicyHost.mode(host.root.resolve("opt/open"), "rwxrwxrwx");
    host.install("bash", "", List.of(loose));
    host.install("sudo", "", List.of(open));

    ProtectedSet set = host.protectedSets().scan();

    assertFalse(protects(set, loose));
    assertFalse(protects(set, open));
    assertTrue(set.refused().stream().anyMatch(reason -> reason.contains(loose.toString())));
    assertTrue(
        set.refused().stream()
            .anyMatch(reason -> reason.contains(host.root.resolve("opt/open").toString())));
  }

  @Test
  void protectsTheAgentsOwnTree() throws IOException {
    Path library = host.file("opt/redoubt/lib/agent.jar", "jar");

    assertTrue(protects(host.protectedSets(host.root.resolve("opt/redoubt")).scan(), library));
  }

  @Test
  void anUpgradeIsNoticedAndTheOldInodeForgotten() throws IOException {
    Path shell = host.file("usr/bin/bash", "old");
    host.install("bash", "", List.of(shell));
    ProtectedSetSource source = host.protectedSets();
    ProtectedSet before = source.scan();
    FileFacts old = FileFacts.of(shell);
    assertTrue(source.rescanIfChanged(before).isEmpty());

    Path fresh = host.file("usr/bin/bash.dpkg-new", "new");
    Files.move(fresh, shell, StandardCopyOption.ATOMIC_MOVE);
    host.install("another", "", List.of());
    ProtectedSet after = source.rescanIfChanged(before).orElseThrow();

    assertTrue(protects(after, shell));
    assertFalse(after.contains(old.device(), old.inode(), old.birthNanos()));
  }

  @Test
  void thisHostIsScannedQuicklyAndItsShellIsProtected() throws IOException {
    ProtectedSetSource source = ProtectedSetSource.ofHost(List.of());
    ProtectedSet set = source.scan();

    FileFacts shell = FileFacts.of(Path.of("/bin/sh").toRealPath());
    assertTrue(set.contains(shell.device(), shell.inode(), shell.birthNanos()), set.source());
    assertTrue(set.size() > 0 && set.size() < ProtectedSetSource.MAX_FILES);
  }

  @Test
  void anRpmThatFailsIsNotAskedAgain() throws Exception {
    Path calls = host.root.resolve("calls");
    Path rpm = host.file("usr/bin/rpm", "#!/bin/sh\necho called >> " + calls + "\nexit 1\n");
    RpmDatabase database = new RpmDatabase(rpm, List.of(host.root.resolve("dpkg")));
    ProtectedSetSource source =
        new ProtectedSetSource(database, List.of(), List.of(), host.rootOnly);

    source.scan();

    assertTrue(source.startsChildren());
    assertEquals("well-known paths", source.scan().source());
    assertEquals(1, Files.readAllLines(calls).size());
  }

  @Test
  void asksRpmOnceForAllNames() throws Exception {
    Path shell = host.file("usr/bin/bash", "shell");
    Path calls = host.root.resolve("calls");
    Path rpm =
        host.file(
            "usr/bin/rpm",
            """
            #!/bin/sh
            echo "$1" >> %s
            case $1 in
            -qa) printf 'bash\\ntetris\\n' ;;
            -q) printf 'bash\\t%s\\nbash\\t(none)\\n' ;;
            -ql) printf '/usr/games/%%s\\n' "$3" ;;
            esac
            """
                .formatted(calls, shell));
    RpmDatabase database = new RpmDatabase(rpm, List.of(host.root.resolve("dpkg")));
    ProtectedSetSource source =
        new ProtectedSetSource(database, List.of(), List.of(), host.rootOnly);

    ProtectedSet set = source.scan();
    source.scan();

    assertTrue(protects(set, shell));
    assertEquals("rpm (1 packages)", set.source());
    assertEquals(List.of("-qa", "-q"), Files.readAllLines(calls), "later scans start no child");
    assertEquals(
        List.of(Path.of("/usr/games/tetris")), database.filesOf(List.of("tetris"), _ -> true));
  }
}
