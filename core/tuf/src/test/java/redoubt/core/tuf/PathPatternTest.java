package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Patterns over target paths.
class PathPatternTest {
  @ParameterizedTest
  @CsvSource({
    "*, foo, true",
    "*, foo/bar, false",
    "*, '', true",
    "targets/*.tgz, targets/foo.tgz, true",
    "targets/*.tgz, targets/foo.txt, false",
    "targets/*.tgz, targets/a/foo.tgz, false",
    "foo-version-?.tgz, foo-version-a.tgz, true",
    "foo-version-?.tgz, foo-version-alpha.tgz, false",
    "foo-version-?.tgz, foo-version-.tgz, false",
    "a/?, a//, false",
    "a/*, a/.hidden, true",
    "*/*, a/b, true",
    "*/*, a/b/c, false",
    "/*, /a, true",
    "/*, a, false",
    "a*b*c, aXbYbZc, true",
    "a*b*c, aXbYbZ, false",
    "**, abc, true",
    "a**b, ab, true",
    "[abc].x, b.x, true",
    "[abc].x, d.x, false",
    "[a-c]1, b1, true",
    "[a-c]1, d1, false",
    "[!a-c]1, d1, true",
    "[!a-c]1, b1, false",
    "[]]x, ]x, true",
    "[ab, [ab, true",
    "[a/b], '[a/b]', true",
    "A, a, false",
    "'', '', true",
    "'', a, false",
    "?, 😀, true",
    "a.b, axb, false",
    "{a}, {a}, true",
    "x\\*, 'x\\y', true"
  })
  void matches(String pattern, String path, boolean expected) {
    assertEquals(expected, PathPattern.matches(pattern, path), pattern + " over " + path);
  }

  /// A matcher that tried all ways would not come to an end.
  @Test
  void manyStarsTakeNoLonger() {
    assertFalse(PathPattern.matches("*a".repeat(2_000) + "b", "a".repeat(4_000)));
  }
}
