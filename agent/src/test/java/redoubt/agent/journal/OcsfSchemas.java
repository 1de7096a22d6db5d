package redoubt.agent.journal;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The JSON Schemas of `spec/ocsf/`, ready to validate lines.
final class OcsfSchemas {
  private static final String BASE = "https://schemas.invalid/";
  private static final Path DIRECTORY = findSpec();

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(OcsfSchemas::read));
  private final Map<Integer, Schema> byClass = new HashMap<>();

  /// What is wrong with the line; empty if it is valid.
  List<Error> validate(int classUid, String line) {
    return byClass.computeIfAbsent(classUid, this::load).validate(line, InputFormat.JSON);
  }

  /// The text of `examples.jsonl`.
  static String examples() throws IOException {
    return Files.readString(DIRECTORY.resolve("examples.jsonl"));
  }

  private Schema load(int classUid) {
    String name =
        switch (classUid) {
          case 1001 -> "file_activity";
          case 1007 -> "process_activity";
          case 2004 -> "detection_finding";
          case 6002 -> "application_lifecycle";
          case 0 -> "base_event";
          default -> throw new IllegalArgumentException("no schema: class=" + classUid);
        };
    return registry.getSchema(SchemaLocation.of(BASE + name + ".schema.json"));
  }

  private static String read(String location) {
    try {
      return Files.readString(DIRECTORY.resolve(location.substring(BASE.length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path findSpec() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve("spec/ocsf"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("spec/ocsf not found above the working directory");
    }
    return folder.resolve("spec/ocsf");
  }
}
