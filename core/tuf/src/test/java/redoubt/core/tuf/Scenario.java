package redoubt.core.tuf;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes one golden vector: what a host does, what the mirror serves then, and what must come of
/// it. What is expected is said by whoever writes it, not by our client.
final class Scenario {
  final SimulatedRepository repo = new SimulatedRepository();

  private final Map<String, String> files = new TreeMap<>();
  private final List<Json> steps = new ArrayList<>();
  private Instant now = SimulatedRepository.START;

  /// The host is given the newest root.
  void init() {
    init(repo.latest("root"));
  }

  /// The host is given a root.
  void init(byte[] root) {
    steps.add(step("init", Map.of("root", new Json.Text(note(root)))));
  }

  /// Days pass.
  void daysPass(int days) {
    now = now.plus(days, ChronoUnit.DAYS);
  }

  /// The host refreshes.
  ///
  /// @param outcome `current`, `expired`, `refused` or `unreachable`
  /// @param step of the specification that ends it, or empty
  /// @param asked metadata files asked for, without `.json`, separated by blanks; `*` for any
  /// @param trusted roles and versions that are trusted afterwards, such as `root 1 timestamp 2`
  void refresh(String outcome, String step, String asked, String trusted) {
    Map<String, Json> form = begin(outcome, step, asked, trusted);
    steps.add(step("refresh", form));
  }

  /// The host downloads a target.
  ///
  /// @param outcome `stored`, `kept`, `absent`, `expired`, `refused` or `unreachable`
  /// @param contents of all targets that the host has afterwards, in any order
  void download(
      String target,
      String outcome,
      String step,
      String asked,
      String trusted,
      String... contents) {
    Map<String, Json> form = begin(outcome, step, asked, trusted);
    form.put("target", new Json.Text(target));
    form.put("targets", names(repo.targets));
    form.put(
        "has",
        new Json.Items(
            List.of(contents).stream()
                .sorted()
                .<Json>map(content -> new Json.Text(note(content.getBytes(StandardCharsets.UTF_8))))
                .toList()));
    steps.add(step("download", form));
  }

  /// The vector's form.
  Json.Members form(String name, String what, String suite) {
    Map<String, Json> contents = new LinkedHashMap<>();
    files.forEach((key, text) -> contents.put(key, new Json.Text(text)));
    Map<String, Json> form = new LinkedHashMap<>();
    form.put("name", new Json.Text(name));
    form.put("what", new Json.Text(what));
    if (!suite.isEmpty()) {
      form.put("suite", new Json.Text(suite));
    }
    form.put("steps", new Json.Items(steps));
    form.put("files", new Json.Members(contents));
    return new Json.Members(form);
  }

  private Map<String, Json> begin(String outcome, String step, String asked, String trusted) {
    Map<String, Json> form = new LinkedHashMap<>();
    form.put("time", new Json.Text(now.toString()));
    form.put("metadata", names(repo.metadata));
    form.put("outcome", new Json.Text(outcome));
    if (!step.isEmpty()) {
      form.put("step", new Json.Text(step));
    }
    if (!asked.equals("*")) {
      form.put("asked", asked(asked));
    }
    form.put("trusted", trusted(trusted));
    return form;
  }

  private static Json asked(String asked) {
    return new Json.Items(
        List.of(asked.split(" ")).stream()
            .filter(name -> !name.isEmpty())
            .<Json>map(name -> new Json.Text(name + ".json"))
            .toList());
  }

  private Json trusted(String trusted) {
    String[] words = trusted.isEmpty() ? new String[0] : trusted.split(" ");
    Map<String, Json> form = new TreeMap<>();
    for (int i = 0; i < words.length; i += 2) {
      form.put(words[i] + ".json", new Json.Whole(Long.parseLong(words[i + 1])));
    }
    return new Json.Members(form);
  }

  private Json.Members names(Map<String, byte[]> served) {
    Map<String, Json> form = new LinkedHashMap<>();
    served.forEach((path, bytes) -> form.put(path, new Json.Text(note(bytes))));
    return new Json.Members(form);
  }

  private String note(byte[] bytes) {
    String key = Digests.sha256(bytes).substring(0, 12);
    files.put(key, new String(bytes, StandardCharsets.UTF_8));
    return key;
  }

  private static Json step(String verb, Map<String, Json> rest) {
    Map<String, Json> form = new LinkedHashMap<>();
    form.put("do", new Json.Text(verb));
    form.putAll(rest);
    return new Json.Members(form);
  }
}
