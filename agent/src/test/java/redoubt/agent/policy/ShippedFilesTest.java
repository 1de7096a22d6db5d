package redoubt.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What packages say of the files that they brought.
final class ShippedFilesTest {
  private static final String ONE = "0123456789abcdef0123456789abcdef";
  private static final String OTHER = "fedcba9876543210fedcba9876543210";

  private static PolicyHost host(Path temporary) throws IOException {
    return new PolicyHost(temporary);
  }

  private static void sums(PolicyHost host, String name, String... lines) throws IOException {
    Files.write(host.root.resolve("dpkg/info/" + name + ".md5sums"), List.of(lines));
  }

  @Test
  void digestsAreThoseOfThePackageWhateverTheSpelling(@TempDir Path temporary) throws Exception {
    PolicyHost host = host(temporary);
    sums(host, "coreutils", ONE + "  bin/ls", OTHER + "  usr/bin/a b");
    sums(
        host, "libc6:amd64", OTHER + "  usr/lib/libc.so.6", ONE + "  usr/share/man/man7/libc.7.gz");
    ShippedFiles files = new ShippedFiles(host.packages);
    files.load();

    assertEquals(List.of(ShippedFile.of("coreutils", ONE)), files.find("/usr/bin/ls"));
    assertEquals(List.of(ShippedFile.of("coreutils", ONE)), files.find("/bin/ls"));
    assertEquals(List.of(ShippedFile.of("coreutils", OTHER)), files.find("/usr/bin/a b"));
    assertEquals(List.of(ShippedFile.of("libc6", OTHER)), files.find("/usr/lib/libc.so.6"));
    assertEquals(List.of(), files.find("/usr/local/bin/ls"));
    assertEquals(3, files.size());
  }

  @Test
  void configurationScriptsAndPackagesWithoutDigestsAreKnownToo(@TempDir Path temporary)
      throws Exception {
    PolicyHost host = host(temporary);
    host.install(
        "cron",
        "Description: a\n /etc/none "
            + ONE
            + "\nConffiles:\n /etc/cron.daily/job "
            + ONE
            + "\n /etc/old "
            + OTHER
            + " obsolete\n",
        List.of(Path.of("/usr/sbin/cron")));
    ShippedFiles files = new ShippedFiles(host.packages);
    files.load();

    assertEquals(List.of(ShippedFile.of("cron", ONE)), files.find("/etc/cron.daily/job"));
    assertEquals(List.of(ShippedFile.of("cron", OTHER)), files.find("/etc/old"));
    assertEquals(List.of(), files.find("/etc/none"));
    assertEquals(List.of(ShippedFile.unverified("cron")), files.find("/usr/sbin/cron"));
    String script = host.root.resolve("dpkg/info/libc6:amd64.postinst").toString();
    assertEquals(List.of(ShippedFile.unverified("libc6")), files.find(script));
    assertEquals(List.of(), files.find(host.root.resolve("dpkg/info/libc6.list").toString()));
    assertEquals(List.of(), files.find(host.root.resolve("dpkg/tmp.ci/preinst").toString()));
  }

  @Test
  void whatMadeRoomForAnotherIsKnownWhereItWent(@TempDir Path temporary) throws Exception {
    PolicyHost host = host(temporary);
    sums(host, "tool", ONE + "  usr/bin/tool");
    Files.write(
        host.root.resolve("dpkg/diversions"),
        List.of("/usr/bin/tool", "/usr/bin/tool.distrib", ":", "/usr/bin/cut"));
    ShippedFiles files = new ShippedFiles(host.packages);
    files.load();

    assertEquals(List.of(ShippedFile.of("tool", ONE)), files.find("/usr/bin/tool"));
    assertEquals(List.of(ShippedFile.of("tool", ONE)), files.find("/usr/bin/tool.distrib"));
    assertEquals(List.of(), files.find("/usr/bin/cut"));
  }

  @Test
  void rpmIsReadAgainByOthersWhileHooksAreOpen(@TempDir Path temporary) throws Exception {
    PolicyHost host = host(temporary);
    Path rpm = host.file("usr/bin/rpm", "#!/bin/sh\necho never asked\n");
    ShippedFiles files = new ShippedFiles(new RpmDatabase(rpm, List.of(host.root.resolve("dpkg"))));
    files.refresh();
    files.refresh();
    assertEquals(0, files.generation(), "it would start a child");

    files.runWith((_, _, lines) -> lines.accept("new\t" + "ab".repeat(32) + "\t/usr/bin/new"));
    files.refresh();
    files.refresh();

    assertEquals(List.of(ShippedFile.of("new", "ab".repeat(32))), files.find("/usr/bin/new"));
  }

  @Test
  void whatHasJustBeenUnpackedIsFoundBeforeTheDatabaseIsReadAgain(@TempDir Path temporary)
      throws Exception {
    PolicyHost host = host(temporary);
    sums(host, "old", ONE + "  usr/bin/old");
    ShippedFiles files = new ShippedFiles(host.packages);
    files.load();
    assertEquals(List.of(), files.findNewer("/usr/bin/new"));

    sums(host, "new", ONE + "  usr/bin/new", OTHER + "  usr/bin/old");

    assertEquals(List.of(), files.find("/usr/bin/new"));
    assertEquals(List.of(ShippedFile.of("new", ONE)), files.findNewer("/usr/bin/new"));
    assertTrue(files.findNewer("/usr/bin/old").contains(ShippedFile.of("new", OTHER)));
  }

  /// dpkg puts a package's files in place first, and its digests after them.
  @Test
  void whatIsBeingUnpackedIsFoundToo(@TempDir Path temporary) throws Exception {
    PolicyHost host = host(temporary);
    sums(host, "tool", ONE + "  usr/bin/tool");
    ShippedFiles files = new ShippedFiles(host.packages);
    files.load();
    unpack(host, "tool", OTHER + "  usr/bin/tool");

    assertTrue(files.findNewer("/usr/bin/tool").contains(ShippedFile.of("tool", OTHER)));
    assertEquals(List.of(), files.findNewer("/usr/bin/other"));
  }

  /// A large package takes so long that the database is read meanwhile.
  @Test
  void whatIsBeingUnpackedIsInTheSnapshotToo(@TempDir Path temporary) throws Exception {
    PolicyHost host = host(temporary);
    sums(host, "tool", ONE + "  usr/bin/tool");
    unpack(host, "tool", OTHER + "  usr/bin/tool");
    ShippedFiles files = new ShippedFiles(host.packages);
    files.load();

    assertEquals(
        Set.of(ShippedFile.of("tool", ONE), ShippedFile.of("tool", OTHER)),
        Set.copyOf(files.find("/usr/bin/tool")));
  }

  /// What dpkg does first for a package that is upgraded.
  private static void unpack(PolicyHost host, String name, String line) throws IOException {
    Path unpacked = Files.createDirectory(host.root.resolve("dpkg/tmp.ci"));
    Files.writeString(unpacked.resolve("control"), "Package: " + name + "\nVersion: 2\n");
    Files.writeString(unpacked.resolve("md5sums"), line + "\n");
    Files.createFile(host.root.resolve("dpkg/updates/0001"));
  }

  @Test
  void itIsReadAgainOnceATransactionIsOver(@TempDir Path temporary) throws Exception {
    PolicyHost host = host(temporary);
    ShippedFiles files = new ShippedFiles(host.packages);
    files.load();
    long before = files.generation();
    files.refresh();
    assertEquals(before, files.generation(), "nothing has changed");

    sums(host, "new", ONE + "  usr/bin/new");
    files.refresh();
    assertEquals(before, files.generation(), "more may come");
    files.refresh();

    assertNotEquals(before, files.generation());
    assertEquals(List.of(ShippedFile.of("new", ONE)), files.find("/usr/bin/new"));
    assertEquals(List.of(), files.findNewer("/usr/bin/new"));
  }

  @Test
  void oddLinesAreNoFiles(@TempDir Path temporary) throws Exception {
    PolicyHost host = host(temporary);
    sums(
        host, "odd", "", "short", ONE + "x /usr/bin/a", "z".repeat(32) + "  usr/bin/b", ONE + "  ");
    Files.write(host.root.resolve("dpkg/info/bytes.md5sums"), new byte[] {-1, 0, 10, -2});
    ShippedFiles files = new ShippedFiles(host.packages);
    files.load();

    assertEquals(List.of(), files.find("/usr/bin/a"));
    assertEquals(List.of(ShippedFile.unverified("odd")), files.find("/usr/bin/b"));
    assertEquals(1, files.size());
  }

  @Test
  void aDatabaseThatCannotBeReadLeavesWhatWasKnown(@TempDir Path temporary) throws Exception {
    PolicyHost host = host(temporary);
    sums(host, "old", ONE + "  usr/bin/old");
    ShippedFiles files = new ShippedFiles(host.packages);
    files.load();
    Files.move(host.root.resolve("dpkg"), host.root.resolve("gone"));

    assertThrows(PolicyException.class, files::load);
    files.refresh();
    files.refresh();

    assertEquals(List.of(ShippedFile.of("old", ONE)), files.find("/usr/bin/old"));
  }

  @Test
  void rpmSaysPackageDigestAndPathInOneGo(@TempDir Path temporary) throws Exception {
    PolicyHost host = host(temporary);
    Path rpm =
        host.file(
            "usr/bin/rpm",
            "#!/bin/sh\nprintf 'bash\\t"
                + "ab".repeat(32)
                + "\\t/usr/bin/bash\\n'\n"
                + "printf 'bash\\t\\t/usr/share/bash\\nbroken\\n'\n");
    ShippedFiles files = new ShippedFiles(new RpmDatabase(rpm, List.of(host.root.resolve("dpkg"))));
    files.load();

    assertEquals(List.of(ShippedFile.of("bash", "ab".repeat(32))), files.find("/usr/bin/bash"));
    assertEquals(List.of(ShippedFile.unverified("bash")), files.find("/usr/share/bash"));
    assertEquals(2, files.size());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theIndexAnswersAsAMapWould(long seed) {
    Random random = new Random(seed);
    int count = 1 + random.nextInt(5_000);
    ShippedIndex.Builder builder = new ShippedIndex.Builder();
    Map<String, List<ShippedFile>> expected = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String path = "/opt/" + Integer.toString(random.nextInt(2 * count), 36);
      String digits = "%032x".formatted(random.nextLong());
      ShippedFile file = ShippedFile.of("p" + i / 7, random.nextInt(5) == 0 ? "" : digits);
      builder.add(file, path);
      expected.computeIfAbsent(path, _ -> new ArrayList<>()).add(file);
    }
    ShippedIndex index = builder.build(1);

    expected.forEach((path, files) -> assertEquals(files, index.find(path)));
    assertEquals(List.of(), index.find("/opt/none of them"));
    assertEquals(count, index.size());
  }
}
