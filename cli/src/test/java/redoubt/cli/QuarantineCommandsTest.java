package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.quarantine.QuarantineCause;
import redoubt.agent.quarantine.Vault;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.ImmutableFlag;
import redoubt.core.model.Octets;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// `quarantine` on a real vault, without an agent and beside one.
final class QuarantineCommandsTest {
  @TempDir Path temporary;
  private CommandHost host;
  private Path files;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
    files = Files.createDirectory(host.directories.state().resolveSibling("files"));
  }

  @AfterEach
  void loosen() throws Exception {
    Path vault = Vault.pathIn(host.directories.state());
    if (Files.isDirectory(vault)) {
      try (var held = Files.newDirectoryStream(vault)) {
        held.forEach(each -> ImmutableFlag.set(each, false));
      }
    }
  }

  private Path putAway(String name, String engine, String rule, Duration ago) throws Exception {
    Path file = Files.writeString(files.resolve(name), name);
    int descriptor = Descriptors.openReadOnly(file.toString());
    try {
      Instant at = CommandHost.NOW.minus(ago);
      Vault.in(host.directories.state())
          .putAway(
              descriptor,
              null,
              new QuarantineCause(engine, rule, "why", QuarantineCause.NOBODY, at));
    } finally {
      Descriptors.close(descriptor);
    }
    return file;
  }

  @Test
  void theListSaysWhatIsThereAndWhy() throws Exception {
    assertEquals("nothing is in quarantine\n", host.run("quarantine", "list").out());
    Path file = putAway("bad\u001b[31m", "scanner", "Evil", Duration.ofHours(1));
    CommandHost.Result shown = host.run("quarantine", "list");
    assertEquals(0, shown.status(), shown.err());
    assertTrue(shown.out().contains("scanner"), shown.out());
    assertTrue(shown.out().contains("2026-11-23 11:00:00"), shown.out());
    assertFalse(shown.out().contains("\u001b"), shown.out());

    JsonNode one = host.run("quarantine", "list", "--json").json().get("files").get(0);
    assertEquals(file.toString(), one.get("path").textValue());
    assertEquals("Evil", one.get("rule").textValue());
    assertEquals("0644", one.get("mode").textValue());
    assertEquals(64, one.get("sha256").textValue().length());
  }

  @Test
  void withoutAnAgentAFileComesBack() throws Exception {
    Path file = putAway("one", "scanner", "Evil", Duration.ZERO);
    CommandHost.Result back = host.run("quarantine", "restore", "1", "--allow");
    assertEquals(0, back.status(), back.err());
    assertEquals("gave back 1: " + file + "\n", back.out());
    assertEquals("one", Files.readString(file));
    String allowed = host.run("allow", "list").out();
    assertTrue(allowed.contains("from quarantine: " + file), allowed);
    assertEquals("nothing is in quarantine\n", host.run("quarantine", "list").out());
  }

  @Test
  void aWholeMistakeIsUndoneAtOnce() throws Exception {
    Path one = putAway("one", "scanner", "Mistake", Duration.ZERO);
    Path two = putAway("two", "clamav", "Evil", Duration.ZERO);
    Path three = putAway("three", "scanner", "Mistake", Duration.ZERO);
    CommandHost.Result back = host.run("quarantine", "restore", "all", "--rule", "Mistake");
    assertEquals(0, back.status(), back.err());
    assertTrue(Files.exists(one));
    assertFalse(Files.exists(two));
    assertTrue(Files.exists(three));
    CommandHost.Result none = host.run("quarantine", "restore", "all", "--engine", "scanner");
    assertEquals("nothing to do\n", none.out());
  }

  @Test
  void whatCannotBeDoneIsSaidAndTheRestIsDone() throws Exception {
    Path one = putAway("one", "scanner", "Evil", Duration.ZERO);
    Path two = putAway("two", "scanner", "Evil", Duration.ZERO);
    Files.writeString(one, "in its place");
    CommandHost.Result back = host.run("quarantine", "restore", "all", "--json");
    assertEquals(1, back.status());
    assertFalse(back.json().get(0).get("done").booleanValue());
    assertTrue(back.json().get(0).get("fix").textValue().contains("--to"));
    assertTrue(back.json().get(1).get("done").booleanValue());
    assertEquals("in its place", Files.readString(one));
    assertEquals("two", Files.readString(two));

    Path elsewhere = files.resolve("elsewhere");
    assertEquals(0, host.run("quarantine", "restore", "1", "--to", elsewhere.toString()).status());
    assertEquals("one", Files.readString(elsewhere));
  }

  @Test
  void onlyWhatIsOldIsDeleted() throws Exception {
    putAway("old", "scanner", "Evil", Duration.ofDays(40));
    putAway("young", "scanner", "Evil", Duration.ofDays(2));
    CommandHost.Result deleted = host.run("quarantine", "delete", "all", "--older-than", "30d");
    assertEquals(0, deleted.status(), deleted.err());
    assertEquals("deleted 1: " + files.resolve("old") + "\n", deleted.out());
    assertEquals(1, host.run("quarantine", "list", "--json").json().get("files").size());
  }

  @Test
  void wordsThatMeanNothingAreRefused() throws Exception {
    putAway("one", "scanner", "Evil", Duration.ZERO);
    assertEquals(1, host.run("quarantine", "restore", "99").status());
    assertEquals(2, host.run("quarantine", "restore", "1", "--engine", "scanner").status());
    assertEquals(2, host.run("quarantine", "delete", "all", "--older-than", "ages").status());
    assertEquals(2, host.run("quarantine").status());
    assertEquals(1, host.run("quarantine", "restore", "1", "--to", "/no/such/x").status());
    putAway("two", "scanner", "Evil", Duration.ZERO);
    assertEquals(2, host.run("quarantine", "restore", "1", "2", "--to", "/tmp/x").status());
    CommandHost.Result add = host.run("quarantine", "add", files.resolve("none").toString());
    assertEquals(1, add.status());
    assertTrue(add.err().contains("no such file"), add.err());
    Files.writeString(files.resolve("there"), "");
    assertEquals(3, host.run("quarantine", "add", files.resolve("there").toString()).status());
  }

  @Test
  void aRunningAgentDoesIt() throws Exception {
    putAway("one", "scanner", "Evil", Duration.ZERO);
    Path named = Files.writeString(files.resolve("named"), "n");
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      assertEquals("done as asked\n", host.run("quarantine", "restore", "1").out());
      assertEquals("done as asked\n", host.run("quarantine", "delete", "1").out());
      assertEquals("done as asked\n", host.run("quarantine", "add", named.toString()).out());
      assertTrue(
          server.requests.containsAll(
              List.of(
                  new ControlRequest.Restore(1, Octets.of(new byte[0])),
                  new ControlRequest.DeleteQuarantined(1),
                  new ControlRequest.PutAway())),
          server.requests::toString);
    }
    try (ControlServer _ =
        ControlServer.replying(
            host.directories, _ -> new ControlReply.Failed("quarantine", "why", "how"))) {
      CommandHost.Result refused = host.run("quarantine", "add", named.toString());
      assertEquals(1, refused.status());
      assertTrue(refused.err().contains("why"), refused.err());
    }
    assertEquals("n", new String(Files.readAllBytes(named), StandardCharsets.UTF_8));
  }
}
