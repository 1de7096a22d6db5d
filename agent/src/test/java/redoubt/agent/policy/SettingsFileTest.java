package redoubt.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {
  private static final String SOURCE = "ab".repeat(32);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void makePrivate() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    file = SettingsFile.in(folder);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsWrittenIsRead(long seed) throws Exception {
    Random random = new Random(seed);
    List<String> options = new ArrayList<>();
    for (int i = random.nextInt(50); i > 0; i--) {
      options.add("--canary=/" + text(random));
    }
    SettingsFile settings = new SettingsFile(SOURCE, options);
    settings.write(file);
    assertEquals(Optional.of(settings), SettingsFile.read(file));
    // The supervisor, a shell script, compares this line.
    assertEquals("# sha256 " + SOURCE, Files.readAllLines(file).getFirst());
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(40), 0x20, 0x2fff)
        .filter(c -> !Character.isISOControl(c) && c != 0x2028 && c != 0x2029)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverElseLiesThereIsRefused(long seed) throws Exception {
    Random random = new Random(seed);
    byte[] bytes = new byte[random.nextInt(3_000)];
    random.nextBytes(bytes);
    Files.write(file, bytes);
    PolicyException refused = assertThrows(PolicyException.class, () -> SettingsFile.read(file));
    assertTrue(refused.getMessage().contains(file.toString()), refused::getMessage);
  }

  @Test
  void noLineIsAnythingButAnOption() {
    for (String line : List.of("run", "-x", "--Mode=enforce", "--mode=a\nb", "--", "")) {
      assertThrows(
          IllegalArgumentException.class, () -> new SettingsFile(SOURCE, List.of(line)), line);
    }
    assertThrows(IllegalArgumentException.class, () -> new SettingsFile("ab", List.of()));
  }

  @Test
  void whatOthersMayWriteIsNotBelieved() throws Exception {
    new SettingsFile(SOURCE, List.of()).write(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThrows(PolicyException.class, () -> SettingsFile.read(file));
  }

  @Test
  void everybodyMayReadIt() throws Exception {
    new SettingsFile(SOURCE, List.of("--clamav")).write(file);
    new SettingsFile(SOURCE, List.of("--quarantine")).write(file);
    assertEquals(List.of("--quarantine"), SettingsFile.read(file).orElseThrow().options());
    assertEquals(PosixFilePermissions.fromString("rw-r--r--"), Files.getPosixFilePermissions(file));
    assertFalse(Files.exists(SettingsFile.goodIn(folder)));
  }
}
