package redoubt.agent.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// No text makes a reader of this room fail, however it was damaged; and what is read stays within
/// its limits.
final class ParserPropertyTest {
  private static final int ROUNDS = 2_000;
  private static final int MOST_CHANGES = 12;
  private static final String ALPHABET =
      " \t\n\r:,./-+()[]0123456789OEPx~\u0000\u001b\u2028ö\ud800";

  @Test
  void damagedTextIsNeverAnError() throws Exception {
    long seed = System.nanoTime();
    System.out.println("ParserPropertyTest.damagedTextIsNeverAnError seed=" + seed);
    Random random = new Random(seed);
    List<String> texts =
        List.of(
            Recordings.read(Recordings.RECORDED),
            Recordings.read(Recordings.PLAIN),
            Recordings.read(Recordings.BUSY),
            Recordings.read(Recordings.DEPENDENCIES),
            Recordings.read(Recordings.BUILT_IN),
            "12289\n",
            "none [integrity] confidentiality\n",
            "350735.47 234388.90\n",
            "Y\n",
            "");
    for (int round = 0; round < ROUNDS; round++) {
      String text = damage(texts.get(random.nextInt(texts.size())), random);
      readWithAll(text, seed);
    }
  }

  private static void readWithAll(String text, long seed) {
    ModuleTable table = ModuleTable.parse(text);
    assertTrue(table.rows().size() + table.unread() <= text.lines().count(), "seed=" + seed);
    for (ModuleTable.Row row : table.rows()) {
      assertTrue(row.name().matches("[^ \n]{1,64}"), row.name());
      assertTrue(row.taintLetters().matches("[A-Z]{0,32}"), row.taintLetters());
    }
    ModuleFiles.parseDependencies(text)
        .forEach((name, path) -> assertTrue(ModuleFiles.moduleOf(path).equals(name), path));
    ModuleFiles.parseBuiltIn(text).forEach(name -> assertTrue(!name.isEmpty(), name));
    KernelSettings.parseMask(text);
    KernelSettings.parseNumber(text);
    KernelSettings.parseAnswer(text);
    assertTrue(KernelSettings.parseChoice(text).matches("[a-z]{0,32}"), text);
    KernelSettings.parseUptime(text);
  }

  private static String damage(String text, Random random) {
    StringBuilder damaged = new StringBuilder(text);
    for (int change = random.nextInt(MOST_CHANGES); change > 0; change--) {
      int at = random.nextInt(damaged.length() + 1);
      char other = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
      switch (random.nextInt(4)) {
        case 0 -> damaged.insert(at, other);
        case 1 -> damaged.setLength(at);
        case 2 -> damaged.insert(at, text);
        default -> {
          if (at < damaged.length()) {
            damaged.setCharAt(at, other);
          }
        }
      }
    }
    return damaged.toString();
  }
}
