package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Content for engines of others, and such engines as bundles.
final class EnginePackTest {
  @TempDir Path temporary;
  private CommandHost host;
  private Path program;
  private Path list;
  private Path content;
  private Path release;

  @BeforeEach
  void create() throws IOException {
    host = new CommandHost(temporary);
    program = Files.createDirectories(temporary.resolve("program"));
    manifest("acme-av", "${here}/run");
    Files.writeString(program.resolve("run"), "#!/bin/sh\n");
    list = Files.writeString(temporary.resolve("list"), "what the engine loads");
    content = temporary.resolve("content.bundle");
    release = temporary.resolve("release.bundle");
  }

  private void manifest(String id, String command) throws IOException {
    Files.writeString(
        program.resolve("manifest.engine"), "id=" + id + "\ncommand=" + command + "\nauth=EXEC\n");
  }

  private CommandHost.Result run(String verb, Path to, Path what, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("content", verb, "--vendor", "acme", "--name", "av", "--version-number", "3"));
    words.addAll(List.of("-o", to.toString()));
    words.addAll(Arrays.asList(more));
    words.add(what.toString());
    return host.run(words.toArray(String[]::new));
  }

  private CommandHost.Result build(String... more) {
    return run("build", content, list, more);
  }

  private CommandHost.Result pack(String... more) {
    return run("pack", release, program, more);
  }

  private void buildContent() {
    CommandHost.Result built =
        build(
            "--engine=acme-av",
            "--schema=" + "ab".repeat(32),
            "--denies=Bad=" + list,
            "--allows=" + program.resolve("run"));
    assertEquals(ExitCode.OK, built.status(), built.err());
  }

  @Test
  void filesBecomeVectorsOfContentAndOfTheEngine() throws Exception {
    buildContent();
    CommandHost.Result vectors = host.run("content", "vectors", content.toString());
    assertTrue(vectors.out().contains("denied 1 list"), vectors.out());
    assertTrue(vectors.out().contains("allowed 2 run"), vectors.out());

    CommandHost.Result packed = pack("--content=" + content);
    assertEquals(ExitCode.OK, packed.status(), packed.err());
    JsonNode said = host.run("content", "inspect", "--json", release.toString()).json();
    assertEquals("acme-av.engine", said.path("engine").asText());
    assertEquals("ab".repeat(32), said.path("schemaHash").asText());
    assertEquals(2, said.path("vectors").asInt());
    assertEquals("manifest.engine", said.path("program").path(0).path("path").asText());
    assertEquals("run", said.path("program").path(1).path("path").asText());
    String shown = host.run("content", "inspect", release.toString()).out();
    assertTrue(shown.contains("program    run"), shown);
  }

  @Test
  void whatShowsNothingIsRefused() {
    refused(
        build("--engine=acme-av", "--denies=Bad=" + list), "nothing shows what the content does");
    refused(build("--engine=acme-av", "--allows=" + list), "nothing shows what the content does");
    refused(
        build("--engine=acme-av", "--denies=Bad=" + temporary.resolve("none"), "--allows=" + list),
        "a file of a vector cannot be read");
    refused(build("--denies=Bad=" + list), "vectors of Sigma rules are derived");
    refused(build("--engine=sigma"), "content of the Sigma engine is its rules");
    refused(build("--engine=acme-av.engine"), "releases of engines go under this id");
    refused(build("--engine=Acme"), "not an engine's id");
    assertFalse(Files.exists(content));
    refused(pack(), "nothing shows what the engine does");
    assertFalse(Files.exists(release));
  }

  private static void refused(CommandHost.Result result, String why) {
    assertEquals(ExitCode.USAGE, result.status(), result.out());
    assertTrue(result.err().contains(why), result.err());
    assertTrue(result.err().contains("fix: "), result.err());
  }

  @Test
  void aFolderThatIsNotThatEnginesIsRefused() throws Exception {
    buildContent();
    for (List<String> wrong :
        List.of(
            List.of("other", "${here}/run", "of another engine: id=other"),
            List.of("acme-av", "/bin/sh", "the program must be below ${here}"))) {
      manifest(wrong.get(0), wrong.get(1));
      CommandHost.Result packed = pack("--content=" + content);
      assertEquals(ExitCode.NO, packed.status(), packed.out());
      assertTrue(packed.err().contains(wrong.get(2)), packed.err());
      assertFalse(Files.exists(release));
    }
  }
}
