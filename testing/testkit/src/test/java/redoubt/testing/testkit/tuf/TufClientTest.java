package redoubt.testing.testkit.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.JsonReader;
import redoubt.core.tuf.TufException;

/// The golden vectors once more, from the command line over HTTP: what is asked for as addresses,
/// and statuses as the public suite wants them.
class TufClientTest {
  private static final Path VECTORS = Path.of("../../spec/trust/vectors");
  private static final Set<String> GOOD = Set.of("current", "stored", "kept");

  @TempDir private Path scratch = Path.of("");
  private final LoopbackRepository repository = start();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static LoopbackRepository start() {
    try {
      return new LoopbackRepository();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    repository.close();
  }

  @TestFactory
  Stream<DynamicTest> theCommandDoesWhatEachVectorSays() throws IOException {
    try (Stream<Path> files = Files.list(VECTORS)) {
      List<Path> vectors = files.sorted().toList();
      assertTrue(vectors.size() > 150, "vectors=" + vectors.size());
      return vectors.stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> replay(file)));
    }
  }

  @Test
  void wrongUseIsAFailure() {
    assertEquals(1, run());
    assertEquals(1, run("--metadata-dir", "x"));
    assertEquals(1, run("--metadata-dir", "x", "init"));
    assertEquals(1, run("--metadata-dir", "x", "init", "no such file"));
    assertEquals(1, run("--metadata-dir", "x", "refresh"));
    assertEquals(1, run("--metadata-dir", "x", "--metadata-url", "no address", "refresh"));
    assertEquals(1, run("--metadata-dir", "x", "dance"));
    assertEquals(1, run("--metadata-dir"));
  }

  @Test
  void severalTargetsAreDownloadedAtOnce() throws Exception {
    Json.Members vector =
        JsonReader.read(Files.readAllBytes(VECTORS.resolve("target-digests-unknown.json")));
    Json.Members step = vector.objects("steps").getLast();
    Path directory = prepare(vector, "several");
    serve(vector, step);
    List<String> arguments = arguments(step, directory);
    arguments.addAll(List.of("--target-name", "t", "download"));
    assertEquals(1, run(arguments.toArray(String[]::new)), "one of the two cannot be had");
    assertEquals("another", Files.readString(directory.resolve("targets/u")));
  }

  private void replay(Path file) throws IOException, TufException {
    Json.Members vector = JsonReader.read(Files.readAllBytes(file));
    Path directory = prepare(vector, vector.text("name"));
    int number = 1;
    for (Json.Members step : vector.objects("steps")) {
      if (step.text("do").equals("init")) {
        continue;
      }
      String where = vector.text("name") + " step " + ++number + ": ";
      serve(vector, step);
      List<String> arguments = arguments(step, directory);
      arguments.add(step.text("do"));
      err.reset();
      int status = run(arguments.toArray(String[]::new));
      assertEquals(GOOD.contains(step.text("outcome")) ? 0 : 1, status, where + err);
      compare(step, directory, where);
    }
  }

  private Path prepare(Json.Members vector, String name) throws IOException, TufException {
    Path directory = Files.createDirectory(scratch.resolve(name));
    Files.createDirectory(directory.resolve("targets"));
    Path root = directory.resolve("pinned");
    Files.write(root, content(vector, vector.objects("steps").getFirst().text("root")));
    assertEquals(0, run("--metadata-dir", directory + "/metadata", "init", root.toString()));
    return directory;
  }

  private static List<String> arguments(
      Json.Members step, Path directory, String metadata, String targets) throws TufException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--now",
                Long.toString(Instant.parse(step.text("time")).getEpochSecond()),
                "--metadata-dir",
                directory + "/metadata",
                "--metadata-url",
                metadata));
    if (step.find("target").isPresent()) {
      arguments.addAll(
          List.of(
              "--target-name",
              step.text("target"),
              "--target-base-url",
              targets,
              "--target-dir",
              directory + "/targets"));
    }
    return arguments;
  }

  private List<String> arguments(Json.Members step, Path directory) throws TufException {
    return arguments(
        step,
        directory,
        repository.address("metadata").toString(),
        repository.address("targets/").toString());
  }

  private void serve(Json.Members vector, Json.Members step) throws TufException {
    Map<String, byte[]> files = new HashMap<>();
    for (String kind : List.of("metadata", "targets")) {
      if (step.find(kind).isPresent()) {
        Json.Members names = step.members(kind);
        for (String path : names.values().keySet()) {
          files.put(kind + "/" + path, content(vector, names.text(path)));
        }
      }
    }
    repository.serve(files);
  }

  private void compare(Json.Members step, Path directory, String where)
      throws IOException, TufException {
    if (step.find("asked").isPresent()) {
      assertEquals(
          step.texts("asked").stream().map(name -> "metadata/" + name).toList(),
          repository.asked().stream().filter(path -> path.startsWith("metadata/")).toList(),
          where);
    }
    Json.Members trusted = step.members("trusted");
    if (!trusted.values().isEmpty()) {
      Map<String, Long> versions = new TreeMap<>();
      for (Path file : files(directory.resolve("metadata"))) {
        versions.put(
            String.valueOf(file.getFileName()),
            JsonReader.read(Files.readAllBytes(file)).members("signed").whole("version", 1));
      }
      assertEquals(trusted.values().toString(), asWhole(versions).toString(), where);
    }
    if (step.find("has").isPresent()) {
      assertEquals(step.texts("has").size(), files(directory.resolve("targets")).size(), where);
    }
  }

  private static Map<String, Json> asWhole(Map<String, Long> versions) {
    return versions.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                each -> new Json.Whole(each.getValue()),
                (left, _) -> left,
                TreeMap::new));
  }

  private static byte[] content(Json.Members vector, String key) throws TufException {
    return vector.members("files").text(key).getBytes(StandardCharsets.UTF_8);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private int run(String... arguments) {
    return TufClient.run(arguments, new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
