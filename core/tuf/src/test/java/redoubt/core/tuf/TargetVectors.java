package redoubt.core.tuf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Step 5.7: targets themselves.
final class TargetVectors {
  private static final String TRUSTED = "root 1 timestamp 2 snapshot 2 targets 2";

  private TargetVectors() {}

  static void addTo(GoldenVectors vectors) {
    downloads(vectors);
    substitutions(vectors);
    digests(vectors);
  }

  private static void downloads(GoldenVectors vectors) {
    vectors.add(
        "target-stored",
        "A listed target is fetched under its digest and stored; the second time it is kept.",
        "test_client_downloads_expected_file, test_artifact_cache",
        s -> {
          s.init();
          s.repo.addTarget("targets", "target_file.txt", "target file contents");
          s.repo.publish("targets", "snapshot", "timestamp");
          s.refresh("current", "", "*", TRUSTED);
          s.download("target_file.txt", "stored", "", "*", TRUSTED, "target file contents");
          s.repo.targets.clear();
          s.download("target_file.txt", "kept", "", "*", TRUSTED, "target file contents");
        });
    vectors.add(
        "target-in-a-directory",
        "A target's path may have directories.",
        "test_client_downloads_expected_file_in_sub_dir",
        s -> {
          s.init();
          s.repo.addTarget("targets", "path/to/a/target_file.txt", "target file contents");
          s.repo.publish("targets", "snapshot", "timestamp");
          s.download(
              "path/to/a/target_file.txt", "stored", "", "*", TRUSTED, "target file contents");
        });
    for (String path : List.of("a b?c#d%e", "../escape", "/absolute", "é/ü")) {
      vectors.add(
          "target-path-" + Digests.sha256(path.getBytes(StandardCharsets.UTF_8)).substring(0, 8),
          "Whatever stands in a target's path, it leaves neither the mirror's targets nor the host's"
              + " directory.",
          "",
          s -> {
            s.init();
            s.repo.addTarget("targets", path, "odd");
            s.repo.publish("targets", "snapshot", "timestamp");
            s.download(path, "stored", "", "*", TRUSTED, "odd");
          });
    }
    vectors.add(
        "target-changes",
        "A target that changes is fetched again and replaces the old one.",
        "test_multiple_changes_to_target",
        s -> {
          s.init();
          s.repo.addTarget("targets", "t", "first");
          s.repo.publish("targets", "snapshot", "timestamp");
          s.download("t", "stored", "", "*", TRUSTED, "first");
          s.repo.addTarget("targets", "t", "second");
          s.repo.addTarget("targets", "u", "another");
          s.repo.publish("targets", "snapshot", "timestamp");
          String third = "root 1 timestamp 3 snapshot 3 targets 3";
          s.download("t", "stored", "", "*", third, "second");
          s.download("u", "stored", "", "*", third, "second", "another");
          s.repo.serveTarget("t", TargetFile.of(bytes("second")), bytes("malice"));
          s.repo.publish("targets", "snapshot", "timestamp");
          s.download(
              "t", "kept", "", "*", "root 1 timestamp 4 snapshot 4 targets 4", "second", "another");
        });
    vectors.add(
        "target-without-consistent-snapshots",
        "Without consistent snapshots a target has its plain name.",
        "",
        s -> {
          s.repo.consistent = false;
          s.repo.publish("root");
          s.init();
          s.repo.addTarget("targets", "d/t", "content");
          s.repo.targets.keySet().retainAll(List.of("d/t"));
          s.repo.publish("targets", "snapshot", "timestamp");
          s.download(
              "d/t", "stored", "", "*", "root 2 timestamp 2 snapshot 2 targets 2", "content");
        });
    vectors.add(
        "target-not-on-the-mirror",
        "A target that is listed and is not there.",
        "",
        s -> {
          s.init();
          s.repo.addTarget("targets", "t", "content");
          s.repo.publish("targets", "snapshot", "timestamp");
          s.repo.targets.clear();
          s.download("t", "refused", "5.7.3", "*", TRUSTED);
        });
  }

  private static void substitutions(GoldenVectors vectors) {
    vectors.add(
        "target-substituted",
        "Other bytes under a target's name are not stored, and what lay there stays.",
        "test_repository_substitutes_target_file",
        s -> {
          s.init();
          s.repo.addTarget("targets", "one", "target file contents");
          s.repo.addTarget("targets", "two", "content");
          s.repo.publish("targets", "snapshot", "timestamp");
          s.download("one", "stored", "", "*", TRUSTED, "target file contents");
          TargetFile one = TargetFile.of(bytes("target file contents"));
          TargetFile two = TargetFile.of(bytes("content"));
          s.repo.serveTarget("one", one, bytes("malicious file contens"));
          s.repo.serveTarget("two", two, bytes("CONTENT"));
          s.download("one", "kept", "", "*", TRUSTED, "target file contents");
          s.download("two", "refused", "5.7.3", "*", TRUSTED, "target file contents");
        });
    vectors.add(
        "target-longer",
        "A target longer than announced is not read to its end.",
        "",
        s -> {
          s.init();
          s.repo.addTarget("targets", "t", "content");
          s.repo.publish("targets", "snapshot", "timestamp");
          s.repo.serveTarget("t", TargetFile.of(bytes("content")), bytes("content and more"));
          s.download("t", "unreachable", "", "*", TRUSTED);
        });
    vectors.add(
        "target-shorter",
        "A target shorter than announced is refused.",
        "",
        s -> {
          s.init();
          s.repo.addTarget("targets", "t", "content");
          s.repo.publish("targets", "snapshot", "timestamp");
          s.repo.serveTarget("t", TargetFile.of(bytes("content")), bytes("conten"));
          s.download("t", "refused", "5.7.3", "*", TRUSTED);
        });
  }

  private static void digests(GoldenVectors vectors) {
    for (List<String> kinds :
        List.of(List.of("sha256"), List.of("sha512"), List.of("sha256", "sha512"))) {
      vectors.add(
          "target-digests-" + String.join("-", kinds),
          "Any known digest will do; with several, all must be right.",
          "test_download_with_hash_algorithms[" + String.join(",", kinds) + "]",
          s -> {
            s.init();
            Map<String, String> all = Digests.of(bytes("content")).values();
            Map<String, String> some = new TreeMap<>(all);
            some.keySet().retainAll(kinds);
            TargetFile file = new TargetFile(7, new Digests(some), new Json.Members(Map.of()));
            s.repo.role("targets").targets.put("t", file);
            s.repo.serveTarget("t", file, bytes("content"));
            s.repo.publish("targets", "snapshot", "timestamp");
            s.download("t", "stored", "", "*", TRUSTED, "content");
          });
    }
    vectors.add(
        "target-digests-one-wrong",
        "One right digest beside a wrong one is not enough.",
        "",
        s -> {
          s.init();
          Map<String, String> mixed = new TreeMap<>(Digests.of(bytes("content")).values());
          mixed.put("sha512", Digests.of(bytes("other")).values().get("sha512"));
          TargetFile file = new TargetFile(7, new Digests(mixed), new Json.Members(Map.of()));
          s.repo.role("targets").targets.put("t", file);
          s.repo.serveTarget("t", file, bytes("content"));
          s.repo.publish("targets", "snapshot", "timestamp");
          s.download("t", "refused", "5.7.3", "*", TRUSTED);
        });
    vectors.add(
        "target-digests-unknown",
        "A target with digests of unknown kinds alone cannot be checked. The others of its role can.",
        "test_download_with_unknown_hash_algorithm",
        s -> {
          s.init();
          s.repo.addTarget("targets", "t", "content");
          s.repo.addTarget("targets", "u", "another");
          s.repo.role("targets").edit =
              draft ->
                  Edits.set(
                      draft,
                      new Json.Members(Map.of("unknown", new Json.Text("00"))),
                      "targets",
                      "t",
                      "hashes");
          s.repo.publish("targets", "snapshot", "timestamp");
          s.download("t", "refused", "5.7.1", "*", TRUSTED);
          s.download("u", "stored", "", "*", TRUSTED, "another");
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
