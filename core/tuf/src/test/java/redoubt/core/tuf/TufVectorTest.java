package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.tuf.GoldenVectors.Vector;

/// The vectors in `spec/trust/vectors` are what our client does, and what this test writes.
/// `-Dredoubt.vectors.write=true` writes them anew, for review.
class TufVectorTest {
  private static final Path VECTORS = Path.of("../../spec/trust/vectors");

  /// Vectors with files that are not in canonical form.
  private static final Set<String> OTHER_FORMS =
      Set.of("bytes-are-kept", "bytes-canonical-form", "bytes-fractions");

  @TempDir private Path scratch = Path.of("");

  @TestFactory
  Stream<DynamicTest> theClientDoesWhatEachVectorSays() throws IOException {
    if (Boolean.getBoolean("redoubt.vectors.write")) {
      write();
    }
    return names().stream()
        .map(name ->
            DynamicTest.dynamicTest(
                name,
                () -> {
                  Json.Members vector = JsonReader.read(Files.readAllBytes(file(name)));
                  new VectorReplay(
                          vector,
                          MetadataReader.ANY_FORM,
                          Files.createDirectory(scratch.resolve(name)))
                      .run();
                }));
  }

  /// Who looks at signatures first does the same, but for files of other forms.
  @TestFactory
  Stream<DynamicTest> signaturesFirstItIsTheSame() throws IOException {
    return names().stream()
        .filter(name -> !OTHER_FORMS.contains(name))
        .map(name ->
            DynamicTest.dynamicTest(
                name,
                () -> {
                  Json.Members vector = JsonReader.read(Files.readAllBytes(file(name)));
                  new VectorReplay(
                          vector,
                          MetadataReader.SIGNATURES_FIRST,
                          Files.createDirectory(scratch.resolve("first-" + name)))
                      .run();
                }));
  }

  /// ECDSA and RSA signatures hang on the JDK's use of randomness; all others are for ever.
  @Test
  void theVectorsAreWrittenAlike() throws IOException {
    Set<String> written = new TreeSet<>();
    for (Vector vector : GoldenVectors.all()) {
      assertTrue(written.add(vector.name()), "two vectors of one name: " + vector.name());
      if (!vector.name().matches("root-key-(ecdsa|rsa).*")) {
        assertEquals(
            VectorText.of(vector.form()), Files.readString(file(vector.name())), vector.name());
      }
    }
    assertEquals(written, names());
  }

  private static void write() throws IOException {
    Files.createDirectories(VECTORS);
    List<Vector> all = GoldenVectors.all();
    for (String old : names()) {
      Files.delete(file(old));
    }
    for (Vector vector : all) {
      Files.writeString(file(vector.name()), VectorText.of(vector.form()), StandardCharsets.UTF_8);
    }
  }

  private static Path file(String name) {
    return VECTORS.resolve(name + ".json");
  }

  private static Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(VECTORS)) {
      return files
          .map(file -> String.valueOf(file.getFileName()).replaceFirst("\\.json$", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
