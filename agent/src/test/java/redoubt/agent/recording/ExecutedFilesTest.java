package redoubt.agent.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;

class ExecutedFilesTest {
  @TempDir Path folder;

  private static void note(ExecutedFiles files, String path, int times) {
    for (int i = 0; i < times; i++) {
      files.note(EventClass.EXEC, Verdict.ALLOW, path);
    }
  }

  @Test
  void theMostExecutedComeFirstAlsoAfterARestart() throws Exception {
    ExecutedFiles files = ExecutedFiles.in(folder);
    note(files, "/bin/seldom", 1);
    note(files, "/bin/often", 5);
    note(files, "/bin/with blanks", 3);
    List<Path> most =
        List.of(Path.of("/bin/often"), Path.of("/bin/with blanks"), Path.of("/bin/seldom"));
    assertEquals(most, files.most(1));
    assertEquals(most.subList(0, 2), files.most(2));
    files.write();
    ExecutedFiles next = ExecutedFiles.in(folder);
    assertEquals(most, next.most(1));
    note(next, "/bin/seldom", 5);
    assertEquals(Path.of("/bin/seldom"), next.most(1).getFirst(), "it goes on counting");
  }

  @Test
  void whatWasDeniedOrOnlyReadDidNotRun() {
    ExecutedFiles files = ExecutedFiles.in(folder);
    files.note(EventClass.EXEC, Verdict.DENY, "/bin/denied");
    files.note(EventClass.OPEN, Verdict.ALLOW, "/etc/read");
    files.note(EventClass.EXEC, Verdict.ALLOW, "");
    assertEquals(List.of(), files.most(1));
  }

  @Test
  void thereAreNeverTooMany() throws Exception {
    ExecutedFiles files = ExecutedFiles.in(folder);
    note(files, "/bin/often", 1_000);
    for (int i = 0; i < 10_000; i++) {
      note(files, "/tmp/once-" + i, 1);
    }
    note(files, "/tmp/two\nlines", 1_000);
    files.write();
    assertEquals(ExecutedFiles.MOST, files.most(1).size());
    ExecutedFiles next = ExecutedFiles.in(folder);
    assertEquals(Path.of("/bin/often"), next.most(1).getFirst());
    assertTrue(next.most(1).size() < ExecutedFiles.MOST, "a path of two lines is not kept");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whateverIsInTheFileNothingFails(long seed) throws Exception {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      if (random.nextBoolean()) {
        bytes =
            ("5 /bin/a\n" + new String(bytes, StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.UTF_8);
      }
      Files.write(folder.resolve("executed"), bytes);
      assertTrue(ExecutedFiles.in(folder).most(1).size() <= ExecutedFiles.MOST);
    }
  }
}
