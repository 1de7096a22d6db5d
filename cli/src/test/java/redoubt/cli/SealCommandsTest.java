package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.linux.ImmutableFlag;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// `seal` and the passphrase that it brings, on real files with real flags.
final class SealCommandsTest {
  @TempDir Path temporary;
  private CommandHost host;
  private Path file;
  private Path words;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
    Path home = host.directories.home();
    Files.createDirectories(home);
    file = Files.writeString(home.resolve("agent.jar"), "code");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    words = Files.writeString(temporary.resolve("words"), "correct horse\n");
  }

  @AfterEach
  void takeFlagsOff() throws IOException {
    try (Stream<Path> tree = Files.walk(temporary)) {
      tree.filter(path -> Files.isRegularFile(path) || Files.isDirectory(path))
          .forEach(path -> ImmutableFlag.set(path, false));
    }
  }

  @Test
  void whatIsNotSealedSaysHow() throws Exception {
    CommandHost.Result check = host.run("seal", "check");
    assertEquals(ExitCode.NO, check.status());
    assertTrue(check.err().contains("not sealed") && check.err().contains("redoubt seal set"));
    assertEquals(ExitCode.NO, host.run("seal", "remove").status());
    assertEquals(ExitCode.USAGE, host.run("seal").status());
  }

  @Test
  void aSealIsSetCheckedAndRemoved() throws Exception {
    JsonNode set = host.run("seal", "set", "--json").json();
    assertEquals(2, set.path("files").asInt());
    assertEquals("in force as soon as the agent runs", set.path("effect").asText());
    assertThrows(IOException.class, () -> Files.writeString(file, "changed"));
    assertTrue(host.run("seal", "check").out().contains("all as they were"));

    ImmutableFlag.set(file, false);
    Files.writeString(file, "changed");
    CommandHost.Result check = host.run("seal", "check", "--json");
    assertEquals(ExitCode.NO, check.status());
    assertEquals(file.toString(), check.json().at("/flaws/0/file").asText());
    assertEquals("CHANGED", check.json().at("/flaws/0/what").asText());
    assertTrue(host.run("seal", "check").out().contains(file + " was changed"));

    assertEquals(ExitCode.OK, host.run("seal", "remove").status());
    Files.writeString(file, "changed again");
  }

  @Test
  void aPassphraseIsKeptUntilTheOwnerSaysOtherwise() throws Exception {
    choose(words, ExitCode.OK);
    Path wrong = Files.writeString(temporary.resolve("wrong"), "incorrect horse\n");
    assertEquals(ExitCode.PERMISSION, host.run("seal", "set").status(), "nobody to ask");
    ask("set", "--json", wrong, ExitCode.PERMISSION);
    ask("remove", "--json", wrong, ExitCode.PERMISSION);

    assertTrue(ask("set", "--json", words, ExitCode.OK).json().path("asks").asBoolean());
    assertTrue(!ask("set", "--do-not-ask", words, ExitCode.OK).out().contains("asks"));
    assertEquals(ExitCode.OK, host.run("seal", "remove").status());
  }

  /// The way past it would be to take the seal away first.
  @Test
  void anAgentThatAsksIsNotForgotten() throws Exception {
    ControlReply.Status asking =
        ControlServer.status(1, new ControlReply.Seal("broken", "taken away", true));
    try (ControlServer _ = ControlServer.replying(host.directories, _ -> asking)) {
      CommandHost.Result refused = host.run("seal", "set");
      assertEquals(ExitCode.PERMISSION, refused.status());
      assertTrue(refused.err().contains("behind the back"), refused.err());
      assertEquals(ExitCode.PERMISSION, host.run("seal", "remove").status());
    }
  }

  @Test
  void aPassphraseThatIsTooShortOrLongOrMissingIsRefused() throws Exception {
    Path bad = temporary.resolve("bad");
    Files.writeString(bad, "short\n");
    choose(bad, ExitCode.USAGE);
    Files.writeString(bad, "long".repeat(1_000));
    choose(bad, ExitCode.USAGE);
    choose(temporary.resolve("nowhere"), ExitCode.USAGE);
    assertEquals(ExitCode.NO, host.run("seal", "check").status(), "nothing was sealed");
  }

  @Test
  void stopSaysThePassphraseOnlyWhereItIsAskedFor() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    ControlReply.Status asking =
        ControlServer.status((int) ended.pid(), new ControlReply.Seal("whole", "files=2", true));
    try (ControlServer server =
        ControlServer.replying(
            host.directories,
            request ->
                request instanceof ControlRequest.Status
                    ? asking
                    : new ControlReply.Done("stopping"))) {
      assertEquals(ExitCode.PERMISSION, host.run("stop").status(), "nobody to ask");
      assertEquals(ExitCode.OK, host.run("stop", "--passphrase-file", words.toString()).status());
      assertEquals(
          new ControlRequest.Stop("redoubt stop", "correct horse"), server.requests.getLast());
      assertTrue(host.run("status").out().contains("seal       whole, files=2"));
    }
  }

  private void choose(Path file, int status) throws Exception {
    CommandHost.Result result =
        host.run("seal", "set", "--ask", "--new-passphrase-file", file.toString());
    assertEquals(status, result.status(), result.err());
  }

  private CommandHost.Result ask(String verb, String option, Path file, int status)
      throws Exception {
    CommandHost.Result result =
        host.run("seal", verb, option, "--passphrase-file", file.toString());
    assertEquals(status, result.status(), result.err());
    return result;
  }
}
