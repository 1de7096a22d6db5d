package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.ControlRequest;

/// What is on disk of bundles, without an agent; `ContentLifeTest` has one.
final class ContentLifeCommandsTest {
  private static final EngineId ENGINE = new EngineId("sigma");
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void withoutBundlesThereIsNothingToShow() {
    assertEquals("no bundle is on this host\n", host.run("content", "list").out());
    assertEquals("[]", host.run("content", "list", "--json").out().strip());
    CommandHost.Result why = host.run("content", "why", "sigma");
    assertEquals(1, why.status());
    assertTrue(why.err().contains("no bundle was ever brought"), why.err());
    assertEquals(2, host.run("content", "why", "No Engine").status());
    assertEquals(1, host.run("content", "rollback", "sigma").status());
  }

  @Test
  void whatIsInForceIsShownAndTakenBack() throws Exception {
    write(good(good(Life.EMPTY, 1), 2));
    String list = host.run("content", "list").out();
    assertTrue(list.contains("acme/linux        2  good         in force"), list);
    assertTrue(list.contains("acme/linux        1  good before"), list);
    String why = host.run("content", "why", "sigma").out();
    assertTrue(why.contains("acme/linux 2 is in force: good"), why);
    CommandHost.Result back = host.run("content", "rollback", "--reason", "too loud", "sigma");
    assertEquals(0, back.status(), back.err());
    assertEquals("rolled back: version 1 is in force\n", back.out());
    assertTrue(host.run("content", "why", "sigma").out().contains("too loud"));
    assertEquals(1, host.run("content", "rollback", "sigma").status(), "nothing is left");
  }

  @Test
  void whatIsOnProbationSaysWhatItFallsBackTo() throws Exception {
    write(probation(good(Life.EMPTY, 1), 2));
    String why = host.run("content", "why", "sigma").out();
    assertTrue(why.contains("on probation since"), why);
    assertTrue(why.contains("falls back to version 1"), why);
    assertEquals(
        "on probation", host.run("content", "why", "--json", "sigma").json().get("stage").asText());
  }

  @Test
  void startsThatDidNotSettleAreForgotten() throws Exception {
    Life life = good(Life.EMPTY, 1);
    for (int i = 0; i < Life.TRIES; i++) {
      life = life.started(NOW).life();
    }
    write(life);
    assertTrue(host.run("content", "why", "sigma").out().contains("the engine is off"));
    assertEquals(0, host.run("content", "retry", "sigma").status());
    assertEquals(0, new LifeFolders(host.directories.state()).of(ENGINE).read().life().starts());
  }

  @Test
  void aRunningAgentTakesBack() throws Exception {
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      assertEquals(
          "done as asked\n", host.run("content", "rollback", "--reason", "r", "sigma").out());
      assertTrue(server.requests.contains(new ControlRequest.RollBackContent("sigma", "r")));
      write(good(Life.EMPTY, 1));
      assertEquals(2, host.run("content", "retry", "sigma").status());
    }
  }

  @Test
  void whoActivatesAFileSaysThatNobodyHasSignedIt() throws Exception {
    Path file = Files.createFile(host.directories.state().resolve("a.bundle"));
    CommandHost.Result bare = host.run("content", "activate", file.toString());
    assertEquals(2, bare.status());
    assertTrue(bare.err().contains("--unsigned"), bare.err());
    assertEquals(2, host.run("content", "activate", "--unsigned", "no-such.bundle").status());
  }

  @Test
  void whatIsPublishedIsFetchedByTheAgent() throws Exception {
    String target = "acme/sigma/linux-rules-7.bundle";
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      CommandHost.Result taken = host.run("content", "activate", "--no-wait", target);
      assertEquals(0, taken.status(), taken.err());
      assertEquals("taken: acme/linux-rules 7, it is tried now\n", taken.out());
      assertTrue(server.requests.contains(new ControlRequest.FetchContent(target)));
    }
    assertEquals(3, host.run("content", "activate", target).status());
  }

  private void write(Life life) throws Exception {
    new LifeFolders(host.directories.state()).make(ENGINE).write(life);
  }

  private static Life probation(Life life, long version) {
    Release release = new Release(Sha256.ofText("bundle " + version), "acme", "linux", version);
    return life.offered(release, NOW).passed(NOW).passed(NOW).passed(NOW);
  }

  private static Life good(Life life, long version) {
    return probation(life, version).confirmed();
  }
}
