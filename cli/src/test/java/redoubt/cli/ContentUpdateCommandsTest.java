package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/// The owner's word on updates, as commands write and show it.
class ContentUpdateCommandsTest {
  @TempDir private Path folder = Path.of("");
  private CommandHost host;

  @BeforeEach
  void create() throws Exception {
    host = new CommandHost(folder);
  }

  private String out(String... words) {
    CommandHost.Result result = host.run(words);
    assertEquals(0, result.status(), result.err());
    return result.out();
  }

  private String problem(int status, String... words) {
    CommandHost.Result result = host.run(words);
    assertEquals(status, result.status(), result.out());
    assertTrue(result.err().contains("fix: "), result.err());
    return result.err();
  }

  @Test
  void whatIsFollowedIsShown() {
    assertEquals("nothing is followed: no update comes by itself\n", out("content", "follow"));
    assertEquals(
        "sigma follows acme/rules, channel stable\n",
        out("content", "follow", "sigma", "acme/rules"));
    assertEquals(
        "sigma follows acme/rules, channels early, stable, 1 behind the newest, at sat 02:00-06:00\n",
        out(
            "content",
            "follow",
            "sigma",
            "acme/rules",
            "--channel=stable",
            "--channel=early",
            "--behind=1",
            "--window=sat 02:00-06:00"));
    assertTrue(out("content", "follow").contains("early, stable"));
    assertEquals(
        "[{\"engine\":\"sigma\",\"vendor\":\"acme\",\"name\":\"rules\","
            + "\"channels\":[\"early\",\"stable\"],\"behind\":1,"
            + "\"windows\":[\"sat 02:00-06:00\"],\"frozen\":false}]\n",
        out("content", "follow", "--json"));
    assertEquals("sigma follows nothing\n", out("content", "follow", "--off", "sigma"));
    assertEquals("nothing is followed: no update comes by itself\n", out("content", "follow"));
  }

  @Test
  void aPinAndAFreezeOutlastOtherWords() {
    problem(1, "content", "freeze", "sigma");
    problem(1, "content", "pin", "sigma", "7");
    out("content", "follow", "sigma", "acme/rules");
    assertTrue(out("content", "pin", "sigma", "7").contains("pinned to version 7"));
    assertTrue(out("content", "freeze", "sigma").contains("frozen"));
    assertEquals(
        "sigma follows acme/rules, channel stable, 2 behind the newest, pinned to version 7, frozen\n",
        out("content", "follow", "sigma", "acme/rules", "--behind=2"));
    assertTrue(out("content", "pin", "--off", "sigma").endsWith("newest, frozen\n"));
    assertTrue(out("content", "freeze", "--off", "sigma").endsWith("newest\n"));
    assertEquals(
        "sigma follows other/rules, channel stable\n",
        out("content", "follow", "sigma", "other/rules"));
  }

  @Test
  void aPinIsWhatIsInForceOrNewer() throws Exception {
    out("content", "follow", "sigma", "acme/rules");
    assertTrue(problem(1, "content", "pin", "sigma").contains("no version of it is in force"));
    Release release = new Release(Sha256.hash(new byte[0]), "acme", "rules", 3);
    Instant now = Instant.EPOCH;
    Life life = Life.EMPTY.offered(release, now).passed(now).passed(now).passed(now).confirmed();
    new LifeFolders(host.directories.state()).make(new EngineId("sigma")).write(life);
    assertTrue(out("content", "pin", "sigma").contains("pinned to version 3"));
    assertTrue(out("content", "pin", "sigma", "4").contains("pinned to version 4"));
    assertTrue(problem(1, "content", "pin", "sigma", "2").contains("not newer"));
    assertTrue(out("content", "why", "sigma").contains("sigma follows acme/rules"));
  }

  @Test
  void theAgentLooksNow() throws Exception {
    problem(3, "content", "update");
    problem(1, "content", "update", "sigma");
    out("content", "follow", "sigma", "acme/rules");
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      assertEquals("done as asked\n", out("content", "update", "sigma"));
      assertTrue(server.requests.contains(new ControlRequest.UpdateContent("sigma")));
    }
  }

  @Test
  void whatIsNoWordIsRefused() {
    problem(2, "content", "follow", "sigma");
    problem(2, "content", "follow", "sigma", "acme");
    problem(2, "content", "follow", "sigma", "acme/rules", "--behind=10");
    problem(2, "content", "follow", "sigma", "acme/rules", "--window=always");
    problem(2, "content", "follow", "sigma", "acme/rules", "--channel=Stable");
    problem(2, "content", "follow", "sigma", "acme/rules", "--channel=revoked");
    problem(2, "content", "follow", "sigma", "../rules");
    assertEquals("nothing is followed: no update comes by itself\n", out("content", "follow"));
  }
}
