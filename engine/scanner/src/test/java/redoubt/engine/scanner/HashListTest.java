package redoubt.engine.scanner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import redoubt.engine.kit.LoadResult.Problem;

class HashListTest {
  private static final String A = "a".repeat(64);
  private static final String B = "0123456789abcdef".repeat(4);

  @Test
  void entriesAreFoundWithTheirNames() throws Exception {
    HashList list = TextPayload.of(A + "\n" + B + "  evil tool *v2\n").list();
    assertEquals(2, list.entries());
    assertEquals(Set.of(Algorithm.SHA256), list.algorithms());
    assertEquals("", list.find(Algorithm.SHA256, A).orElseThrow().name());
    assertEquals("evil tool *v2", list.find(Algorithm.SHA256, B).orElseThrow().name());
    assertEquals(Optional.empty(), list.find(Algorithm.SHA256, "b".repeat(64)));
  }

  @Test
  void aDigestThatDiffersOnlyAtItsEndIsNotFound() throws Exception {
    HashList list = TextPayload.of(A).list();
    assertEquals(Optional.empty(), list.find(Algorithm.SHA256, A.substring(1) + "b"));
  }

  @Test
  void commentsBlankLinesAndAnyLineEndAreAllowed() throws Exception {
    TextPayload payload =
        TextPayload.of(
            "# list\r\n\r\n  \t\n" + A.toUpperCase(java.util.Locale.ROOT) + "\tx\r\n" + B);
    HashListReader reader = payload.reader();
    HashList list = reader.read();
    assertEquals(List.of(), reader.problems());
    assertEquals("x", list.find(Algorithm.SHA256, A).orElseThrow().name());
    assertTrue(list.find(Algorithm.SHA256, B).isPresent());
  }

  @Test
  void shorterDigestsAreKeptApart() throws Exception {
    String sha1 = "b".repeat(40);
    String md5 = "b".repeat(32);
    HashList list = TextPayload.of(sha1 + " one\n" + md5 + " two\n").list();
    assertEquals(Set.of(Algorithm.SHA1, Algorithm.MD5), list.algorithms());
    assertEquals("one", list.find(Algorithm.SHA1, sha1).orElseThrow().name());
    assertEquals("two", list.find(Algorithm.MD5, md5).orElseThrow().name());
    assertEquals(Optional.empty(), list.find(Algorithm.SHA256, A));
  }

  @Test
  void badLinesAreNamedAndTheOthersCount() throws Exception {
    String tooLong = A + " " + "n".repeat(HashListReader.MAX_LINE_BYTES);
    String text = "zz\n" + A + "\n" + tooLong + "\n" + "g" + A.substring(1) + "\né\n" + B;
    HashListReader reader = TextPayload.of(text).reader();
    assertEquals(2, reader.read().entries());
    assertEquals(
        List.of(
            new Problem("line 1", "a digest has 64, 40 or 32 digits, not 2"),
            new Problem("line 3", "longer than 4096 bytes"),
            new Problem("line 4", "not a hexadecimal digit at column 1"),
            new Problem("line 5", "a digest has 64, 40 or 32 digits, not 2")),
        reader.problems());
  }

  @Test
  void aLineOfTheLongestLengthIsRead() throws Exception {
    String name = "n".repeat(HashListReader.MAX_LINE_BYTES - A.length() - 1);
    for (String end : List.of("", "\n", "\r\n")) {
      HashListReader reader = TextPayload.of(B + "\n" + A + " " + name + end).reader();
      HashList list = reader.read();
      assertEquals(List.of(), reader.problems());
      assertEquals(name, list.find(Algorithm.SHA256, A).orElseThrow().name());
    }
  }

  @Test
  void aLineThatNeverEndsIsOneProblem() throws Exception {
    HashListReader reader = TextPayload.of(A + "\n" + "x".repeat(1_000_000)).reader();
    assertEquals(1, reader.read().entries());
    assertEquals(List.of(new Problem("line 2", "longer than 4096 bytes")), reader.problems());
  }

  @Test
  void onlyTheFirstProblemsAreNamed() throws Exception {
    HashListReader reader = TextPayload.of("x\n".repeat(100)).reader();
    assertEquals(0, reader.read().entries());
    List<Problem> problems = reader.problems();
    assertEquals(HashListReader.MAX_PROBLEMS, problems.size());
    assertEquals(new Problem("list", "37 more bad lines"), problems.getLast());
  }

  @Test
  void anEmptyListHasNoEntry() throws Exception {
    assertEquals(0, TextPayload.of("").list().entries());
    assertEquals(0, TextPayload.of("# nothing\n\n").list().entries());
  }
}
