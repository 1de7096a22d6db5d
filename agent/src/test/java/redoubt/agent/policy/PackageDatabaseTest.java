package redoubt.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.Sha256;

/// Which package brought a file.
final class PackageDatabaseTest {
  @TempDir Path temporary;
  private PolicyHost host;

  @BeforeEach
  void createHost() throws IOException {
    host = new PolicyHost(temporary);
  }

  @Test
  void dpkgNamesThePackageOfEachFile() throws Exception {
    Path module = Path.of("/lib/modules/6.1.0-42-amd64/kernel/fs/ext4/ext4.ko");
    host.install("linux-image-6.1.0-42-amd64", "", List.of(Path.of("/lib/modules"), module));
    host.install("libc6:amd64", "", List.of(Path.of("/usr/lib/libc.so.6")));
    host.install("zz-overlaps", "", List.of(module));

    Map<String, String> owners =
        host.packages.ownersOf(List.of(module.toString(), "/lib/libc.so.6", "/lib/none.so"));

    assertEquals(
        Map.of(module.toString(), "linux-image-6.1.0-42-amd64", "/lib/libc.so.6", "libc6"), owners);
    assertEquals(Map.of(), host.packages.ownersOf(List.of()));
    assertTrue(host.packages.owns("/usr" + module));
    assertFalse(host.packages.owns("/opt/libc.so.6"));
  }

  @Test
  void aDatabaseThatCannotBeReadIsSaidSo() {
    DpkgDatabase none = new DpkgDatabase(host.root.resolve("none"));
    assertThrows(PolicyException.class, () -> none.ownersOf(List.of("/bin/sh")));
    assertFalse(none.owns("/bin/sh"));
  }

  @Test
  void bothWaysToSpellWhatWasMergedStandForTheSameFile() {
    assertEquals(
        Map.of("/lib/x", "/lib/x", "/usr/lib/x", "/lib/x"),
        PackageDatabase.spellings(List.of("/lib/x")));
    assertEquals(
        Map.of("/usr/bin/x", "/usr/bin/x", "/bin/x", "/usr/bin/x"),
        PackageDatabase.spellings(List.of("/usr/bin/x")));
    assertEquals(Map.of("/opt/x", "/opt/x"), PackageDatabase.spellings(List.of("/opt/x")));
    assertEquals(
        Map.of("/lib/x", "/lib/x", "/usr/lib/x", "/usr/lib/x"),
        PackageDatabase.spellings(List.of("/lib/x", "/usr/lib/x")));
  }

  /// A database of its own below the temporary folder, made by the real rpm.
  @Test
  void aRealRpmSaysWhatItsPackagesBrought() throws Exception {
    Path rpm =
        host.file(
            "usr/bin/rpm", "#!/bin/sh\nexec rpm --dbpath " + host.root + "/var/lib/rpm \"$@\"\n");
    Path recipe = host.file("tool.spec", TOOL);
    run("rpmbuild", "-bb", "--quiet", "--define", "_topdir " + host.root, recipe.toString());
    run(rpm.toString(), "--initdb");
    Path archive = host.root.resolve("RPMS/noarch/redoubt-test-tool-1-1.noarch.rpm");
    run(rpm.toString(), "-i", "--justdb", "--nodeps", "--force-debian", archive.toString());
    RpmDatabase database = RpmDatabase.find(host.root).orElseThrow();

    Map<String, ShippedFile> shipped = new HashMap<>();
    database.forEachShipped((file, path) -> shipped.put(path, file));

    String digest = Sha256.hash("as shipped".getBytes(StandardCharsets.UTF_8)).toString();
    assertEquals(
        Map.of(
            "/opt/redoubt-test",
            ShippedFile.unverified("redoubt-test-tool"),
            "/opt/redoubt-test/tool",
            ShippedFile.of("redoubt-test-tool", digest)),
        shipped);
    assertEquals(List.of("redoubt-test-tool"), database.criticalPackages(_ -> true));
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  private static final String TOOL =
      """
      Name: redoubt-test-tool
      Version: 1
      Release: 1
      Summary: what Redoubt's tests install
      License: none
      BuildArch: noarch
      %description
      Nothing else.
      %install
      mkdir -p %{buildroot}/opt/redoubt-test
      printf 'as shipped' >%{buildroot}/opt/redoubt-test/tool
      %files
      /opt/redoubt-test
      """;

  @Test
  void rpmIsAskedTwiceForAnyNumberOfFiles() throws Exception {
    Path calls = host.root.resolve("calls");
    Path rpm =
        host.file(
            "usr/bin/rpm",
            """
            #!/bin/sh
            printf '%%s\\n' "$*" >> %s
            case $1 in
            -qf) printf 'kernel-core\\nfile /lib/none is not owned by any package\\nkernel-core\\n' ;;
            -q) printf 'kernel-core\\t/lib/modules/6/a.ko.xz\\nkernel-core\\t/boot/x\\n' ;;
            esac
            """
                .formatted(calls));
    RpmDatabase database = new RpmDatabase(rpm, List.of(host.root.resolve("dpkg")));

    assertEquals(Map.of(), database.ownersOf(List.of()));
    assertEquals(
        Map.of("/lib/modules/6/a.ko.xz", "kernel-core"),
        database.ownersOf(List.of("/lib/modules/6/a.ko.xz", "/lib/none")));
    assertEquals(
        List.of(
            "-qf --qf %{NAME}\\n -- /lib/modules/6/a.ko.xz /lib/none",
            "-q --qf [%{=NAME}\\t%{FILENAMES}\\n] kernel-core"),
        Files.readAllLines(calls));
  }

  @Test
  void anRpmThatKnowsNoneIsNotAskedAgain() throws Exception {
    Path rpm = host.file("usr/bin/rpm", "#!/bin/sh\necho 'file /x is not owned by any package'\n");
    RpmDatabase database = new RpmDatabase(rpm, List.of(host.root.resolve("dpkg")));
    assertEquals(Map.of(), database.ownersOf(List.of("/x")));
    assertEquals(Map.of(), new NoPackageDatabase().ownersOf(List.of("/x")));
  }
}
