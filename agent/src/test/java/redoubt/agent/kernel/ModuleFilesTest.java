package redoubt.agent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModuleFilesTest {
  @TempDir Path temporary;

  @Test
  void depmodsListSaysWhichFileAModuleIsIn() throws Exception {
    Map<String, String> files =
        ModuleFiles.parseDependencies(Recordings.read(Recordings.DEPENDENCIES));

    assertEquals(25, files.size());
    assertEquals("kernel/fs/ext4/ext4.ko", files.get("ext4"));
    assertEquals("kernel/sound/core/snd-pcm.ko", files.get("snd_pcm"));
    assertEquals("updates/dkms/zfs.ko.xz", files.get("zfs"));
    assertEquals("/opt/acme/lib/acme_sensor.ko", files.get("acme_sensor"));
  }

  @Test
  void whatIsBuiltInIsKnownByName() throws Exception {
    Set<String> names = ModuleFiles.parseBuiltIn(Recordings.read(Recordings.BUILT_IN));
    assertEquals(7, names.size());
    assertTrue(names.contains("crct10dif_pclmul"));
  }

  @ParameterizedTest
  @CsvSource({
    "kernel/fs/ext4/ext4.ko, ext4",
    "snd-pcm.ko.xz, snd_pcm",
    "a/b-c.ko.zst, b_c",
    "a/b.ko.gz, b",
    "a/b.ko.bz2, ''",
    "a/.ko, ''",
    "a/b.kox, ''",
    "a/b, ''",
    "'', ''",
  })
  void theNameIsThatOfTheFile(String path, String name) {
    assertEquals(name, ModuleFiles.moduleOf(path));
  }

  @Test
  void theFirstFolderThatHasTheReleaseCounts() throws Exception {
    Path folder = temporary.resolve("second/6.1");
    Path ext4 = Files.createDirectories(folder.resolve("kernel/fs")).resolve("ext4.ko");
    Files.writeString(ext4, "");
    Files.createDirectories(folder.resolve("updates"));
    Path zfs = Files.writeString(folder.resolve("updates/zfs.ko.xz"), "");
    Files.writeString(
        folder.resolve("modules.dep"),
        "kernel/fs/ext4.ko:\nkernel/fs/gone.ko:\nupdates/zfs.ko.xz: kernel/fs/ext4.ko\n");

    ModuleFiles files =
        ModuleFiles.of("6.1", List.of(temporary.resolve("first"), temporary.resolve("second")));

    assertEquals(Optional.of(folder), files.folder());
    assertEquals(Optional.of(ext4), files.find("ext4"));
    assertEquals(Optional.of(zfs), files.find("zfs"));
    assertEquals(Optional.empty(), files.find("gone"), "listed, and no longer there");
    assertEquals(Optional.empty(), files.find("never"));
    assertTrue(files.isAmongTheKernels(ext4));
    assertFalse(files.isAmongTheKernels(zfs));
    assertFalse(files.isBuiltIn("ext4"), "there is no list of what is built in");
  }

  @Test
  void aReleaseWithoutAFolderHasNoFiles() {
    ModuleFiles files = ModuleFiles.of("6.1", List.of(temporary));
    assertEquals(Optional.empty(), files.folder());
    assertEquals(Optional.empty(), files.find("ext4"));
  }
}
