package redoubt.core.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import redoubt.core.model.Place;

/// The index finds what looking for one text after the other finds.
class LiteralIndexTest {
  private static final String LETTERS = "aaaabbc";
  private static final List<Place> PLACES = List.of(Place.values());

  private record Sought(String text, Place place) {
    boolean isIn(String value) {
      return switch (place) {
        case ANYWHERE -> value.contains(text);
        case START -> value.startsWith(text);
        case END -> value.endsWith(text);
        case WHOLE -> value.equals(text);
      };
    }
  }

  @Test
  void findsWhatOneAfterTheOtherFinds() {
    RandomGenerator random = Seeds.random("findsWhatOneAfterTheOtherFinds");
    for (int i = Seeds.count(3_000); i > 0; i--) {
      List<Sought> all = new ArrayList<>();
      LiteralIndex.Builder builder = new LiteralIndex.Builder();
      for (int n = random.nextInt(40); n > 0; n--) {
        Place place = PLACES.get(random.nextInt(PLACES.size()));
        String text = Seeds.text(random, LETTERS, 9);
        if (text.isEmpty() && place != Place.WHOLE) {
          continue;
        }
        builder.add(text.getBytes(StandardCharsets.UTF_8), place, all.size());
        all.add(new Sought(text, place));
      }
      LiteralIndex index = builder.build();
      for (int n = 0; n < 10; n++) {
        compare(index, all, Seeds.text(random, LETTERS, 14));
      }
    }
  }

  private static void compare(LiteralIndex index, List<Sought> all, String value) {
    Set<Integer> expected = new TreeSet<>();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isIn(value)) {
        expected.add(i);
      }
    }
    Set<Integer> found = new TreeSet<>();
    // What stands before and behind the value must not count.
    byte[] bytes = ("aab" + value + "aab").getBytes(StandardCharsets.UTF_8);
    index.scan(bytes, 3, bytes.length - 3, found::add);
    assertEquals(expected, found, () -> "value=" + value + " texts=" + all);
  }
}
