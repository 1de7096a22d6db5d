package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.tuf.mirror.DirectoryMirror;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;

class DirectoryMirrorTest {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path scratch = Path.of("");

  @Test
  void aDirectoryGivesFilesAndNothingElse() throws IOException, MirrorException {
    Mirror mirror = new DirectoryMirror(scratch.resolve("top"));
    Files.createDirectories(scratch.resolve("top/d"));
    Files.write(scratch.resolve("top/d/a b"), CONTENT);
    Files.write(scratch.resolve("secret"), CONTENT);
    Files.createSymbolicLink(scratch.resolve("top/link"), scratch.resolve("secret"));
    assertArrayEquals(
        CONTENT, mirror.fetchBytes(new RepositoryPath(List.of("d", "a b")), 7).orElseThrow());
    for (List<String> path :
        List.of(
            List.of("link"),
            List.of("d"),
            List.of("..", "secret"),
            List.of("d/a b"),
            List.of("../secret"),
            List.of("d", ".", "a b"),
            List.of(""),
            List.of("a\0b"),
            List.of("none"))) {
      assertTrue(mirror.fetchBytes(new RepositoryPath(path), 7).isEmpty(), path.toString());
    }
    assertThrows(
        MirrorException.class, () -> mirror.fetchBytes(new RepositoryPath(List.of("d", "a b")), 6));
  }
}
