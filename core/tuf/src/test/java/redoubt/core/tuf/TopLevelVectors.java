package redoubt.core.tuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import redoubt.core.tuf.signing.SigningKey;

/// Steps 5.4 to 5.6: timestamp, snapshot and targets, and what is kept when one of them is wrong.
final class TopLevelVectors {
  private static final String FRESH = "root 1 timestamp 1 snapshot 1 targets 1";

  private TopLevelVectors() {}

  static void addTo(GoldenVectors vectors) {
    unsigned(vectors);
    versions(vectors);
    bytes(vectors);
    missing(vectors);
    kinds(vectors);
  }

  private static void unsigned(GoldenVectors vectors) {
    unsigned(vectors, "timestamp", "5.4.2", "root 2");
    unsigned(vectors, "snapshot", "5.5.3", "root 2 timestamp 2");
    unsigned(vectors, "targets", "5.6.3", "root 2 timestamp 2 snapshot 2");
  }

  private static void unsigned(GoldenVectors vectors, String role, String step, String trusted) {
    vectors.add(
        "unsigned-" + role,
        "Without a signature the role is refused; what was verified before it is kept.",
        "test_unsigned_metadata[" + role + "]",
        s -> {
          s.init();
          s.repo.role(role).signers.clear();
          s.repo.publish("root", "targets", "snapshot", "timestamp");
          s.refresh("refused", step, "*", trusted);
        });
  }

  private static void versions(GoldenVectors vectors) {
    vectors.add(
        "version-snapshot-of-another",
        "A snapshot that says another version than its name and the timestamp is refused.",
        "test_url_and_metadata_version_mismatch[snapshot]",
        s -> {
          s.init();
          s.repo.publish("root");
          s.repo.role("snapshot").version = 3;
          byte[] third = s.repo.sign("snapshot");
          s.repo.role("snapshot").version = 2;
          s.repo.serve("snapshot", 2, third);
          s.repo.publish("timestamp");
          s.refresh("refused", "5.5.4", "*", "root 2 timestamp 2");
        });
    vectors.add(
        "version-targets-of-another",
        "Targets that say another version than their name and the snapshot are refused.",
        "test_url_and_metadata_version_mismatch[targets]",
        s -> {
          s.init();
          s.repo.role("targets").version = 3;
          byte[] third = s.repo.sign("targets");
          s.repo.role("targets").version = 2;
          s.repo.serve("targets", 2, third);
          s.repo.publish("snapshot", "timestamp");
          s.refresh("refused", "5.6.4", "*", "root 1 timestamp 2 snapshot 2");
        });
    vectors.add(
        "version-timestamp-changed-in-place",
        "Another timestamp of the version that is trusted changes nothing: no snapshot is asked for.",
        "test_timestamp_content_changes",
        s -> {
          s.init();
          s.refresh("current", "", "*", FRESH);
          s.repo.timestampMeta = MetaFile.of(100);
          s.repo.publishAsIs("timestamp");
          s.refresh("current", "", "2.root timestamp", FRESH);
        });
    vectors.add(
        "version-zero",
        "Versions begin at 1.",
        "",
        s -> {
          s.init();
          s.repo.role("timestamp").version = 0;
          s.repo.publishAsIs("timestamp");
          s.refresh("refused", "4", "2.root timestamp", "root 1");
        });
  }

  private static void bytes(GoldenVectors vectors) {
    vectors.add(
        "bytes-digests-of-metadata",
        "Metadata with the announced lengths and digests is taken, with another digest refused.",
        "test_basic_metadata_hash_support",
        s -> {
          s.repo.hashes = true;
          s.repo.publish("targets", "snapshot", "timestamp");
          s.init();
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 2 targets 2");
          s.repo.publish("targets");
          s.repo.snapshotMeta.put("targets", announced(3, s.repo.latest("snapshot"), 0));
          s.repo.publish("snapshot", "timestamp");
          s.refresh("refused", "5.6.2", "*", "root 1 timestamp 3 snapshot 3 targets 2");
        });
    vectors.add(
        "bytes-digest-of-snapshot",
        "A snapshot of another digest than the timestamp announces is refused.",
        "",
        s -> {
          s.init();
          s.repo.publish("snapshot");
          s.repo.timestampMeta =
              new MetaFile(
                  2, OptionalLong.empty(), Optional.of(Digests.of(s.repo.latest("targets"))));
          s.repo.publish("timestamp");
          s.refresh("refused", "5.5.2", "*", "root 1 timestamp 2");
        });
    vectors.add(
        "bytes-snapshot-longer-than-announced",
        "A file longer than announced is not read to its end.",
        "",
        s -> {
          s.init();
          s.repo.publish("snapshot");
          s.repo.timestampMeta = new MetaFile(2, OptionalLong.of(100), Optional.empty());
          s.repo.publish("timestamp");
          s.refresh("unreachable", "", "*", "root 1 timestamp 2");
        });
    vectors.add(
        "bytes-snapshot-shorter-than-announced",
        "A file shorter than announced is refused.",
        "",
        s -> {
          s.init();
          s.repo.publish("snapshot");
          s.repo.timestampMeta = announced(2, s.repo.latest("snapshot"), 1);
          s.repo.publish("timestamp");
          s.refresh("refused", "5.5.2", "*", "root 1 timestamp 2");
        });
    vectors.add(
        "bytes-only-unknown-digests",
        "A file that is announced with digests of unknown kinds alone cannot be checked.",
        "",
        s -> {
          s.init();
          s.repo.publish("snapshot");
          s.repo.role("timestamp").edit =
              draft ->
                  Edits.set(
                      draft,
                      new Json.Members(Map.of("md5", new Json.Text("00".repeat(16)))),
                      "meta",
                      "snapshot.json",
                      "hashes");
          s.repo.publish("timestamp");
          s.refresh("refused", "5.5.2", "*", "root 1 timestamp 2");
        });
    vectors.add(
        "bytes-are-kept",
        "What is stored is what was received, with white space that means nothing.",
        "test_metadata_bytes_match",
        s -> {
          s.init();
          byte[] timestamp = s.repo.latest("timestamp");
          byte[] longer = Arrays.copyOf(timestamp, timestamp.length + 1);
          longer[timestamp.length] = ' ';
          s.repo.serve("timestamp", 1, longer);
          s.refresh("current", "", "*", FRESH);
        });
    vectors.add(
        "bytes-canonical-form",
        "Signatures are over the canonical form, however the file is written: members in another order,"
            + " escapes, and texts in which only code points sort.",
        "",
        s -> {
          s.init();
          s.repo.role("timestamp").edit =
              draft ->
                  Edits.set(
                      Edits.set(
                          Edits.set(draft, new Json.Text("a\"\\/é€😀"), "x"),
                          new Json.Whole(-7),
                          "\uFFFD"),
                      new Json.Flag(true),
                      "😀");
          s.repo.publish("timestamp");
          String text = new String(s.repo.latest("timestamp"), StandardCharsets.UTF_8);
          String other =
              text.replace("/é", "\\/\\u00e9").replace("\"_type\"", "\n\t\"\\u005ftype\"");
          s.repo.serve("timestamp", 2, other.getBytes(StandardCharsets.UTF_8));
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 1 targets 1");
        });
    vectors.add(
        "bytes-fractions",
        "Canonical JSON has no fractions.",
        "",
        s -> {
          s.init();
          String text = new String(s.repo.latest("timestamp"), StandardCharsets.UTF_8);
          s.repo.serve(
              "timestamp",
              1,
              text.replace("\"version\":1}", "\"version\":1.0}").getBytes(StandardCharsets.UTF_8));
          s.refresh("refused", "4", "2.root timestamp", "root 1");
        });
  }

  private static MetaFile announced(long version, byte[] file, int more) {
    return new MetaFile(
        version, OptionalLong.of(file.length + (long) more), Optional.of(Digests.of(file)));
  }

  private static void missing(GoldenVectors vectors) {
    vectors.add(
        "missing-timestamp",
        "Without a timestamp nothing is current.",
        "test_timestamp_404",
        s -> {
          s.init();
          s.refresh("current", "", "*", FRESH);
          s.repo.metadata.remove("timestamp.json");
          s.refresh("refused", "5.4.1", "2.root timestamp", FRESH);
        });
    vectors.add(
        "missing-snapshot",
        "A snapshot that is announced and is not there; the timestamp is trusted already.",
        "test_snapshot_404",
        s -> {
          s.init();
          s.refresh("current", "", "*", FRESH);
          s.repo.timestampMeta = MetaFile.of(2);
          s.repo.publish("timestamp");
          s.refresh(
              "refused",
              "5.5.1",
              "2.root timestamp 2.snapshot",
              "root 1 timestamp 2 snapshot 1 targets 1");
          s.repo.publish("snapshot");
          s.refresh(
              "current",
              "",
              "2.root timestamp 2.snapshot",
              "root 1 timestamp 2 snapshot 2 targets 1");
        });
    vectors.add(
        "missing-targets",
        "Targets that are announced and are not there; timestamp and snapshot are trusted already.",
        "test_targets_404",
        s -> {
          s.init();
          s.refresh("current", "", "*", FRESH);
          s.repo.snapshotMeta.put("targets", MetaFile.of(2));
          s.repo.publish("snapshot", "timestamp");
          s.refresh(
              "refused",
              "5.6.1",
              "2.root timestamp 2.snapshot 2.targets",
              "root 1 timestamp 2 snapshot 2 targets 1");
        });
    vectors.add(
        "missing-from-the-snapshot",
        "A snapshot that does not have the top-level targets is none.",
        "",
        s -> {
          s.init();
          s.repo.snapshotMeta.clear();
          s.repo.publish("snapshot", "timestamp");
          s.refresh("refused", "4", "*", "root 1 timestamp 2");
        });
    vectors.add(
        "names-without-versions",
        "Without consistent snapshots files have their plain names, but for roots.",
        "",
        s -> {
          s.repo.consistent = false;
          s.repo.metadata.clear();
          s.repo.publish("root", "targets", "snapshot", "timestamp");
          s.init();
          s.refresh(
              "current",
              "",
              "3.root timestamp snapshot targets",
              "root 2 timestamp 2 snapshot 2 targets 2");
        });
  }

  private static void kinds(GoldenVectors vectors) {
    vectors.add(
        "kind-snapshot-as-timestamp",
        "A snapshot that the timestamp's key has signed, and that has all of a timestamp, is none.",
        "test_incorrect_metadata_type",
        s -> {
          s.init();
          SigningKey key = s.repo.role("timestamp").signers.getFirst();
          s.repo.addKey("snapshot", key);
          s.repo.snapshotMeta.put("snapshot", MetaFile.of(1));
          s.repo.publish("root", "snapshot");
          s.repo.metadata.put("timestamp.json", s.repo.latest("snapshot"));
          s.refresh("refused", "4", "2.root 3.root timestamp", "root 2");
        });
    vectors.add(
        "kind-of-key",
        "The snapshot's key signs no timestamp.",
        "",
        s -> {
          s.init();
          s.repo.role("timestamp").signers.clear();
          s.repo.role("timestamp").signers.add(s.repo.role("snapshot").signers.getFirst());
          s.repo.publish("timestamp");
          s.refresh("refused", "5.4.2", "2.root timestamp", "root 1");
        });
  }
}
