package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupplyChecksTest {
  @TempDir private Path folder = Path.of("");
  private CommandHost host;

  @BeforeEach
  void create() throws Exception {
    host = new CommandHost(folder);
  }

  @Test
  void whoTrustsAndFollowsNobodyHearsNothing() {
    String said = host.run("doctor").out();
    assertTrue(!said.contains("repositories") && !said.contains("updates"), said);
  }

  @Test
  void whoFollowsAVendorForWhomNobodyIsTrustedHearsOfIt() {
    assertEquals(0, host.run("content", "follow", "sigma", "acme/rules").status());
    String said = host.run("doctor").out();
    assertTrue(said.contains("sigma follows acme, for whom nobody is trusted"), said);
  }

  @Test
  void whatCannotBeReadIsSaid() throws Exception {
    Path home = Files.createDirectories(host.directories.config().resolve("trust/ours"));
    Files.writeString(home.resolve("root.json"), "{");
    Files.writeString(home.resolve("repository.json"), "{");
    Files.writeString(host.directories.state().resolve("updates.json"), "{");
    String said = host.run("doctor").out();
    assertTrue(said.contains("no bundle is fetched until that is mended"), said);
    Files.delete(home.resolve("root.json"));
    Files.delete(home.resolve("repository.json"));
    Files.delete(home);
    assertTrue(host.run("doctor").out().contains("what is followed cannot be read"));
  }
}
