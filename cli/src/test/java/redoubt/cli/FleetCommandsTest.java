package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `redoubt fleet` says when it gets to no server. What a server answers is looked at with a
/// real one.
class FleetCommandsTest {
  private static final String NOBODY =
      "{\"server\": \"https:/"
          + "/127.0.0.1:1\", \"authority\": \"%s\", \"name\": \"eve\", \"token\": \"x\"}";

  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  private void access(String text, String permissions) throws Exception {
    Path file =
        Files.createFile(
            host.directories.access(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void withoutAccessItIsSaidWhereToGetIt() {
    CommandHost.Result result = host.run("fleet", "hosts");

    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().contains("no access to a fleet server"), result.err());
    assertTrue(result.err().contains("redoubt fleet serve"), result.err());
  }

  @Test
  void anAccessFileThatOthersMayReadIsNotUsed() throws Exception {
    access(NOBODY, "rw-r-----");

    CommandHost.Result result = host.run("fleet", "hosts");

    assertEquals(ExitCode.PERMISSION, result.status());
    assertTrue(result.err().contains("chmod 600"), result.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{", "{\"server\": 1}", "{\"server\":\"a b\",\"authority\":\"\"}", "\0"})
  void whatIsNoAccessFileIsSaidSo(String text) throws Exception {
    access(text, "rw-------");

    CommandHost.Result result = host.run("fleet", "hosts");

    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().contains("no access file"), result.err());
  }

  @Test
  void aDamagedCertificateIsSaidSo() throws Exception {
    access(NOBODY.formatted("none"), "rw-------");

    CommandHost.Result result = host.run("fleet", "hosts");

    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().contains("the certificate is damaged"), result.err());
  }

  @Test
  void numbersAreHeldToTheirRanges() {
    for (List<String> words :
        List.of(
            List.of("records", "web-1", "-n", "0"),
            List.of("audit", "-n", "1001"),
            List.of("token", "--hours", "721"),
            List.of("engines", "--days", "0"),
            List.of("engines", "--days", "366"),
            List.of("marks", "add", "scanner"),
            List.of("marks", "remove", "first"),
            List.of("serve", "--heartbeat-seconds", "4"),
            List.of("serve", "--keep-days", "0"),
            List.of("serve", "--hosts", "70000"),
            List.of("serve", "--people", "here"))) {
      CommandHost.Result result =
          host.run(
              java.util.stream.Stream.concat(java.util.stream.Stream.of("fleet"), words.stream())
                  .toArray(String[]::new));
      assertEquals(ExitCode.USAGE, result.status(), result.err());
    }
  }

  @Test
  void whatNamesNothingToDoSaysWhatThereIs() {
    CommandHost.Result result = host.run("fleet", "marks");

    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().contains("list, add or remove"), result.err());
  }

  @Test
  void nothingIsWrittenIfThereIsNoServer() {
    Path file = temporary.resolve("engines.json");
    CommandHost.Result result =
        host.run("fleet", "engines", "--export", file.toString(), "--export-key", file + ".pub");

    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().contains("no access to a fleet server"), result.err());
    assertFalse(Files.exists(file));
    assertFalse(Files.exists(Path.of(file + ".pub")));
  }

  @Test
  void theServerIsStartedByTheLauncher() {
    CommandHost.Result result = host.run("fleet", "serve", "--hosts", "0", "--people", "0");

    assertEquals(ExitCode.INTERNAL, result.status());
    assertTrue(result.err().contains("redoubt fleet serve"), result.err());
  }
}
