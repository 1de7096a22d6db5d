package redoubt.engine.sigma.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.TestVector;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.live.LiveRules;

/// Rules for tests as an archive has them, vectors of them, and what the engine says to these.
final class Derivation {
  private Derivation() {}

  /// One rule about processes, with a detection as it stands under `detection:`.
  static String rule(String detection) {
    return rule("process_creation", detection);
  }

  static String rule(String category, String detection) {
    return rule("only", category, detection);
  }

  static String rule(String name, String category, String detection) {
    return "title: Test\nname: "
        + name
        + "\nlogsource:\n  product: linux\n"
        + (category.equals("auditd") ? "  service: " : "  category: ")
        + category
        + "\ndetection:\n"
        + detection.indent(2);
  }

  /// Reads rules, each a file.
  static RuleFiles.Result read(String... files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream archive = new ZipOutputStream(bytes)) {
      for (int i = 0; i < files.length; i++) {
        archive.putNextEntry(new ZipEntry(i + ".yml"));
        archive.write(files[i].getBytes(StandardCharsets.UTF_8));
        archive.closeEntry();
      }
      archive.finish();
      RuleFiles.Result rules =
          RuleFiles.readArchive(new java.io.ByteArrayInputStream(bytes.toByteArray()));
      assertEquals(List.of(), rules.problems());
      return rules;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Derived of(String... files) {
    return VectorBuilder.derive(read(files), _ -> {});
  }

  /// The vectors that do not come out as they say, when they are run one after the other.
  static List<TestVector> failing(List<TestVector> vectors, RuleFiles.Result rules) {
    LiveRules engine = new LiveRules(new Detector(rules));
    return vectors.stream()
        .filter(vector -> !reported(engine, vector).equals(vector.rules()))
        .collect(Collectors.toList());
  }

  static Set<String> reported(LiveRules engine, TestVector vector) {
    Set<String> reported = new TreeSet<>();
    for (HostEvent event : vector.activity()) {
      engine.detect(event, found -> reported.add(found.rule().key()));
    }
    return reported;
  }
}
