package redoubt.agent.updates;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.agent.policy.PolicyException;
import redoubt.core.model.EngineId;

class UpdatesFileTest {
  private static final EngineId SIGMA = new EngineId("sigma");

  @TempDir private Path state = Path.of("");

  private static UpdatePolicy policy(EngineId engine) {
    return new UpdatePolicy(
        engine,
        "acme",
        "linux-rules",
        new TreeSet<>(List.of("early", "stable")),
        1,
        List.of(UpdateWindow.parse("sat,sun 22:00-05:00")),
        true,
        OptionalLong.of(7));
  }

  private Path file() {
    return state.resolve("updates.json");
  }

  @Test
  void itReadsWhatWasWritten() throws PolicyException {
    UpdatesFile file = new UpdatesFile(state);
    assertEquals(Map.of(), file.read());
    file.change(SIGMA, _ -> policy(SIGMA));
    assertEquals(Map.of(SIGMA, policy(SIGMA)), file.read());
    file.change(SIGMA, was -> was == null ? null : was.frozen(false).pinned(OptionalLong.empty()));
    assertEquals(
        Map.of(SIGMA, policy(SIGMA).frozen(false).pinned(OptionalLong.empty())), file.read());
    file.change(SIGMA, _ -> null);
    assertEquals(Map.of(), file.read());
  }

  @Test
  void whatOthersCouldHaveWrittenIsNotBelieved() throws Exception {
    UpdatesFile file = new UpdatesFile(state);
    file.change(SIGMA, _ -> policy(SIGMA));
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-r--"));
    assertThrows(PolicyException.class, file::read);
  }

  @Test
  void whatIsBrokenIsSaidAndKept() throws Exception {
    UpdatesFile file = new UpdatesFile(state);
    file.change(SIGMA, _ -> policy(SIGMA));
    byte[] broken = "{\"version\": 1".getBytes(StandardCharsets.UTF_8);
    Files.write(file(), broken);
    assertTrue(assertThrows(PolicyException.class, file::read).getMessage().contains("updates"));
    assertThrows(PolicyException.class, () -> file.change(SIGMA, was -> was));
    assertArrayEquals(broken, Files.readAllBytes(file()));
  }

  @Test
  void thereIsAnEndToIt() throws PolicyException {
    UpdatesFile file = new UpdatesFile(state);
    for (int i = 0; i < UpdatesJson.MOST_ENGINES; i++) {
      EngineId engine = new EngineId("engine-" + i);
      file.change(engine, _ -> policy(engine));
    }
    assertThrows(PolicyException.class, () -> file.change(SIGMA, _ -> policy(SIGMA)));
    assertEquals(UpdatesJson.MOST_ENGINES, file.read().size());
  }

  /// Changed by chance it is refused, or says something that can be written and read again.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsChangedByChanceIsReadOrRefused(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] good = UpdatesJson.format(List.of(policy(SIGMA), policy(new EngineId("yara"))));
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = good.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] =
            (byte) (random.nextBoolean() ? random.nextInt(256) : good[random.nextInt(good.length)]);
      }
      try {
        Map<EngineId, UpdatePolicy> read = UpdatesJson.parse(bytes);
        assertEquals(read, UpdatesJson.parse(UpdatesJson.format(read.values())));
      } catch (IOException e) {
        assertTrue(String.valueOf(e.getMessage()).length() > 3, e::toString);
      }
    }
  }
}
