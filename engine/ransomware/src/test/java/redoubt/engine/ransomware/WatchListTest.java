package redoubt.engine.ransomware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.ransomware.WatchList.BadListException;

class WatchListTest {
  private static WatchList parse(String text) throws BadListException {
    return WatchList.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String problem(String text) {
    BadListException bad = assertThrows(BadListException.class, () -> parse(text));
    return bad.line() + ": " + bad.getMessage();
  }

  @Test
  void linesNameCanariesAndPrograms() throws Exception {
    WatchList list = parse("# mine\n\ncanary /home/ada/a file\nexcept /usr/bin/restic\r\n");
    assertEquals(Set.of("/home/ada/a file"), list.canaries());
    assertEquals(Set.of("/usr/bin/restic"), list.exempt());
    assertEquals(new WatchList(Set.of(), Set.of()), parse(""));
  }

  @Test
  void whatIsWrongIsNamedByItsLine() {
    assertEquals("2: no absolute path", problem("canary /a\ncanary b\n"));
    assertEquals("1: neither canary PATH nor except PROGRAM", problem("canaries /a"));
    assertEquals("0: more than 4096 lines", problem("\n".repeat(5_000)));
    BadListException bad =
        assertThrows(BadListException.class, () -> WatchList.parse(new byte[] {(byte) 0xff}));
    assertEquals("no UTF-8", bad.getMessage());
    byte[] long1 = new byte[WatchList.MAX_BYTES + 1];
    assertThrows(BadListException.class, () -> WatchList.parse(long1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsWrittenIsReadBack(long seed) throws Exception {
    Random random = new Random(seed);
    Set<String> canaries = new TreeSet<>();
    Set<String> exempt = new TreeSet<>();
    List<String> lines = new ArrayList<>();
    for (int i = random.nextInt(200); i > 0; i--) {
      String path = "/" + text(random);
      boolean canary = random.nextBoolean();
      (canary ? canaries : exempt).add(path);
      lines.add((canary ? "canary " : "except ") + path);
      if (random.nextInt(5) == 0) {
        lines.add(random.nextBoolean() ? "" : "#" + text(random));
      }
    }
    assertEquals(new WatchList(canaries, exempt), parse(String.join("\n", lines)));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void anyBytesAreReadOrRefused(long seed) {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] text = "canary /a\nexcept /b\n# c\n".getBytes(StandardCharsets.UTF_8);
      for (int change = random.nextInt(4); change >= 0; change--) {
        text[random.nextInt(text.length)] = (byte) random.nextInt();
      }
      try {
        WatchList list = WatchList.parse(text);
        list.canaries().forEach(path -> assertTrue(path.startsWith("/"), path));
      } catch (BadListException e) {
        refused++;
      }
    }
    assertTrue(refused > 0);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      text.append("abc /äß悪#=-".charAt(random.nextInt(11)));
    }
    return text.toString();
  }
}
