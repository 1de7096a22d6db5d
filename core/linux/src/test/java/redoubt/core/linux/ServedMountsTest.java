package redoubt.core.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With FUSE file systems that nobody serves, so that whoever asks them anything waits for ever.
class ServedMountsTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final String SCRIPT =
      "exec 3<>\"$0.device\""
          + " && mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0,allow_other dead \"$0\""
          + " && echo mounted && read end";

  @TempDir Path temporary;

  private Path folder;

  /// Both are anybody's.
  @BeforeEach
  void makeDeviceAndFolder() throws IOException {
    folder = Files.createDirectory(temporary.resolve("mnt"));
    Programs.run("mknod", "--mode=666", folder + ".device", "c", "10", "229");
    Programs.run("chown", "65534", folder.toString());
    Programs.run("chmod", "755", temporary.toString());
  }

  private boolean isServedWhere(String... entry) throws Exception {
    List<String> command = new ArrayList<>(List.of(entry));
    command.addAll(List.of("sh", "-c", SCRIPT, folder.toString()));
    try (ServedMounts served = ServedMounts.open()) {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try {
        assertEquals("mounted", process.inputReader().readLine());
        return isServed(served, "/proc/" + process.pid() + "/root" + folder);
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static boolean isServed(ServedMounts served, String path) {
    return assertTimeoutPreemptively(
        LIMIT,
        () -> {
          try (OwnedDescriptor place =
              new OwnedDescriptor(Descriptors.openPlace(path.getBytes(US_ASCII)))) {
            return served.hold(place.number());
          }
        });
  }

  @Test
  void oneThatIsMountedLaterIsKnown() throws Exception {
    try {
      assertTrue(isServedWhere());
    } finally {
      Programs.run("umount", "-l", folder.toString());
    }
  }

  @Test
  void oneThatAUserMountsForHimselfIsKnown() throws Exception {
    assertTrue(
        isServedWhere(
            "setpriv",
            "--reuid=65534",
            "--clear-groups",
            "unshare",
            "--user",
            "--map-root-user",
            "--mount"));
  }

  @Test
  void othersAreNot() throws Exception {
    try (ServedMounts served = ServedMounts.open();
        SealedMemory memory = SealedMemory.create("memory")) {
      assertFalse(isServed(served, folder.toString()));
      assertFalse(isServed(served, "/proc/self"));
      try (OwnedDescriptor sealed = new OwnedDescriptor(memory.seal())) {
        assertFalse(served.hold(sealed.number()));
      }
      assertFalse(served.hold(Integer.MAX_VALUE));
    }
  }
}
