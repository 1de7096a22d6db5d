package redoubt.engine.scanner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/// A list says of any digest what a plain map of its lines says, and no bytes make the reader fail.
class HashListPropertyTest {
  private static final int LISTS = 200;
  private static final int INPUTS = 20_000;
  private static final String ALPHABET = "0123456789abcdefABCDEFgx# \t\r\n\n\0é";

  @Test
  void aListSaysWhatAPlainMapSays() throws Exception {
    RandomGenerator random = campaign("aListSaysWhatAPlainMapSays", LISTS);
    for (int i = Integer.getInteger("redoubt.fuzz.count", LISTS); i > 0; i--) {
      compareWithMap(random);
    }
  }

  @Test
  void noBytesMakeTheReaderFail() throws Exception {
    RandomGenerator random = campaign("noBytesMakeTheReaderFail", INPUTS);
    for (int i = Integer.getInteger("redoubt.fuzz.count", INPUTS); i > 0; i--) {
      HashListReader reader = new TextPayload(garbage(random)).reader();
      HashList list = reader.read();
      for (Algorithm algorithm : list.algorithms()) {
        list.find(algorithm, "0".repeat(algorithm.digits()));
      }
      assertTrue(reader.problems().size() <= HashListReader.MAX_PROBLEMS);
    }
  }

  private static void compareWithMap(RandomGenerator random) throws Exception {
    Map<String, String> oracle = new HashMap<>();
    List<String> asked = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int lines = random.nextInt(200); lines > 0; lines--) {
      String digest = digest(random);
      String name = random.nextBoolean() ? "" : "name " + lines;
      oracle.putIfAbsent(digest, name);
      asked.add(digest);
      asked.add(neighbour(digest));
      text.append(random.nextInt(4) == 0 ? "# " + digest(random) + "\n" : "");
      text.append(random.nextBoolean() ? digest : digest.toUpperCase(Locale.ROOT));
      text.append(name.isEmpty() ? "" : "  " + name).append(random.nextBoolean() ? "\n" : "\r\n");
    }
    HashList list = TextPayload.of(text.toString()).list();
    for (String digest : asked) {
      Algorithm algorithm = Algorithm.findByDigits(digest.length()).orElseThrow();
      String found = list.find(algorithm, digest).map(HashList.Entry::name).orElse(null);
      assertEquals(oracle.get(digest), found, digest);
    }
  }

  /// A digest, often one that shares its first 36 bits with many others.
  private static String digest(RandomGenerator random) {
    byte[] bytes = new byte[new int[] {32, 20, 16}[random.nextInt(3)]];
    random.nextBytes(bytes);
    String digest = HexFormat.of().formatHex(bytes);
    return random.nextBoolean() ? digest : "fffffffff" + digest.substring(9);
  }

  private static String neighbour(String digest) {
    char last = digest.charAt(digest.length() - 1);
    return digest.substring(0, digest.length() - 1) + (last == '0' ? '1' : '0');
  }

  private static byte[] garbage(RandomGenerator random) {
    byte[] bytes = new byte[random.nextInt(400)];
    if (random.nextBoolean()) {
      random.nextBytes(bytes);
      return bytes;
    }
    StringBuilder text = new StringBuilder();
    while (text.length() < bytes.length) {
      text.append(
          random.nextInt(5) == 0
              ? digest(random)
              : ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static RandomGenerator campaign(String test, int count) {
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    System.out.println(test + ": lists=" + count + " -Dredoubt.fuzz.seed=" + seed);
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
