package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectCommandTest {
  @TempDir Path temporary;
  private CommandHost host;
  private Path folder;
  private Path output;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
    folder = Files.createDirectory(temporary.toRealPath().resolve("evidence"));
    output = temporary.resolve("collected.zip");
  }

  private CommandHost.Result collect(Path... paths) {
    String[] words = new String[paths.length + 3];
    words[0] = "collect";
    words[1] = "--output=" + output;
    words[2] = "--";
    for (int i = 0; i < paths.length; i++) {
      words[i + 3] = paths[i].toString();
    }
    return host.run(words);
  }

  private JsonNode list() throws Exception {
    try (ZipFile zip = new ZipFile(output.toFile())) {
      return new JsonMapper()
          .readTree(zip.getInputStream(zip.getEntry("collected.json")))
          .path("files");
    }
  }

  @Test
  void filesAreAsTheyWereAndWhatTheyAreStandsBesideThem() throws Exception {
    byte[] content = {0, 1, 2, (byte) 0xff};
    Path file = Files.write(folder.resolve("\u00fc \u202e"), content);
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/passwd"));

    CommandHost.Result result = collect(folder, file);

    assertEquals(ExitCode.OK, result.status(), result.err());
    assertEquals("1 file, 4 bytes\n", result.out());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(output)));
    try (ZipFile zip = new ZipFile(output.toFile())) {
      assertArrayEquals(content, zip.getInputStream(zip.getEntry("files" + file)).readAllBytes());
      assertNull(zip.getEntry("files" + folder.resolve("link")));
    }
    assertEquals(1, list().size(), "named twice, and there once");
    assertEquals("4", list().path(0).path("size").asText());
    assertEquals(64, list().path(0).path("sha256").asText().length());
  }

  @Test
  void whatThereIsNoRoomForIsNamed() throws Exception {
    Files.write(folder.resolve("a"), new byte[10 << 20]);
    Files.write(folder.resolve("b"), new byte[10 << 20]);
    Files.write(folder.resolve("c"), new byte[5]);

    CommandHost.Result result = collect(folder, Path.of("/no/such/file"));

    assertEquals(ExitCode.OK, result.status(), result.err());
    assertTrue(result.out().contains("2 files"), result.out());
    assertTrue(result.out().contains("2 left out"), result.out());
    assertTrue(list().toString().contains("no room"), () -> "problems are named");
  }

  @Test
  void moreThanAThousandFilesAreTooMany() throws Exception {
    for (int i = 0; i < 1_003; i++) {
      Files.write(folder.resolve("f" + i), new byte[1]);
    }
    CommandHost.Result result = collect(folder);
    assertTrue(result.out().contains("1000 files"), result.out());
    assertTrue(result.out().contains("3 left out"), result.out());
  }

  @Test
  void nothingIsNoArchiveAndAFileThatIsThereStays() throws Exception {
    assertEquals(ExitCode.NO, collect(Path.of("/no/such/file")).status());
    assertFalse(Files.exists(output));
    assertEquals(ExitCode.NO, collect(Path.of("/proc/self/fd")).status());
    Files.writeString(output, "mine");
    Files.write(folder.resolve("a"), new byte[1]);
    CommandHost.Result result = collect(folder);
    assertEquals(ExitCode.USAGE, result.status());
    assertEquals("mine", Files.readString(output));
  }
}
