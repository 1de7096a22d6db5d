package redoubt.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.model.Sha256;

/// The owner's configuration as it is written: a YAML map of settings to a value, or a list of
/// values. What the settings mean is the business of [Configuration].
///
/// @param path where it is
/// @param source the SHA-256 of its bytes
/// @param entries the settings by their names, in their order
record ConfigFile(Path path, Sha256 source, Map<String, Entry> entries) {
  /// The longest that is read, in bytes.
  static final int MOST_BYTES = 1 << 16;

  private static final int MOST_VALUES = 1_000;

  /// One setting.
  ///
  /// @param line where it is, from 1
  /// @param isList whether it is written as a list
  /// @param values as they are written
  record Entry(int line, boolean isList, List<String> values) {
    Entry {
      values = List.copyOf(values);
    }
  }

  /// Reads it.
  ///
  /// @return without settings, if there is no such file
  /// @throws Problem naming the line, if it is no such file, or others than root could have written
  ///   it
  static ConfigFile read(Path path) {
    try {
      Optional<byte[]> bytes = new PrivateFile(path, MOST_BYTES).read();
      return parse(path, bytes.orElseGet(() -> new byte[0]));
    } catch (PolicyException e) {
      throw PolicyChanges.problem(e);
    }
  }

  /// Reads one that is not in its place, whoever may write it.
  ///
  /// @throws Problem naming the line, if it is no such file
  static ConfigFile readDraft(Path path) {
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw problem(path, 1, "longer than is read: limit=" + MOST_BYTES);
      }
      return parse(path, Files.readAllBytes(path));
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "cannot be read: file=" + path + " error=" + PrivateFile.reasonOf(e),
          "name a file that is there");
    }
  }

  /// Reads its bytes.
  ///
  /// @throws Problem naming the line, if it is no such file
  static ConfigFile parse(Path path, byte[] bytes) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      for (Node document : new Compose(settings(path, text)).composeAllFromString(text)) {
        if (!entries.isEmpty()) {
          throw problem(path, line(document), "a second document");
        }
        readMap(path, document, entries);
      }
    } catch (CharacterCodingException e) {
      throw problem(path, 1, "not UTF-8");
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw problem(path, line, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw problem(
          path, 1, "not YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    } catch (StackOverflowError e) {
      throw problem(path, 1, "nested too deeply");
    }
    return new ConfigFile(path, Sha256.hash(bytes), entries);
  }

  private static LoadSettings settings(Path path, String text) {
    return LoadSettings.builder()
        .setLabel(path.toString())
        .setAllowDuplicateKeys(false)
        .setCodePointLimit(MOST_BYTES)
        // All at once: version 2.10 fails where a pair of surrogates lies across two reads.
        .setBufferSize(text.length() + 2)
        .build();
  }

  private static void readMap(Path path, Node document, Map<String, Entry> entries) {
    if (document instanceof ScalarNode nothing && nothing.getValue().isEmpty()) {
      return;
    }
    if (!(document instanceof MappingNode map)) {
      throw problem(path, line(document), "not settings with values, such as mode: enforce");
    }
    for (NodeTuple tuple : map.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw problem(path, line(tuple.getKeyNode()), "a setting whose name is no text");
      }
      Node value = tuple.getValueNode();
      boolean isList = value instanceof SequenceNode;
      Entry entry = new Entry(line(key), isList, values(path, key.getValue(), value));
      if (entries.put(key.getValue(), entry) != null) {
        throw problem(path, entry.line(), "twice: " + key.getValue());
      }
    }
  }

  private static List<String> values(Path path, String key, Node value) {
    if (!(value instanceof SequenceNode list)) {
      return List.of(text(path, key, value));
    }
    if (list.getValue().size() > MOST_VALUES) {
      throw problem(path, line(value), "more than " + MOST_VALUES + " values: " + key);
    }
    List<String> values = new ArrayList<>();
    for (Node element : list.getValue()) {
      values.add(text(path, key, element));
    }
    return values;
  }

  private static String text(Path path, String key, Node value) {
    if (!(value instanceof ScalarNode scalar)) {
      throw problem(path, line(value), "neither a value nor a list of values: " + key);
    }
    String text = scalar.getValue();
    if (text.isEmpty()) {
      throw problem(path, line(value), "no value: " + key);
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw problem(path, line(value), "a value with a control character: " + key);
    }
    return text;
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  /// Something is wrong in a line.
  Problem problem(int line, String what) {
    return problem(path, line, what);
  }

  /// Something is wrong with the value of a setting.
  Problem problem(int line, String what, String setting) {
    return new Problem(ExitCode.NO, at(path, line) + what, "redoubt config explain " + setting);
  }

  private static Problem problem(Path path, int line, String what) {
    return new Problem(
        ExitCode.NO, at(path, line) + what, "redoubt config explain lists the settings");
  }

  private static String at(Path path, int line) {
    return path + ":" + line + ": ";
  }
}
