package redoubt.core.tuf;

/// Versions only go up, until who signs them changes.
final class RollbackVectors {
  private RollbackVectors() {}

  static void addTo(GoldenVectors vectors) {
    rollbacks(vectors);
    recoveries(vectors);
  }

  private static void rollbacks(GoldenVectors vectors) {
    vectors.add(
        "rollback-timestamp",
        "A timestamp older than the trusted one.",
        "test_new_timestamp_version_rollback",
        s -> {
          s.init();
          s.repo.publish("timestamp");
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 1 targets 1");
          s.repo.role("timestamp").version = 1;
          s.repo.publishAsIs("timestamp");
          s.refresh(
              "refused", "5.4.3.1", "2.root timestamp", "root 1 timestamp 2 snapshot 1 targets 1");
        });
    vectors.add(
        "rollback-snapshot-unannounced",
        "An older snapshot under the name of the trusted one is never asked for.",
        "test_simple_snapshot_rollback",
        s -> {
          s.init();
          s.repo.publish("snapshot", "timestamp");
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 2 targets 1");
          s.repo.role("snapshot").version = 1;
          byte[] older = s.repo.sign("snapshot");
          s.repo.metadata.put("2.snapshot.json", older);
          s.refresh("current", "", "2.root timestamp", "root 1 timestamp 2 snapshot 2 targets 1");
        });
    for (boolean hashes : new boolean[] {false, true}) {
      vectors.add(
          "rollback-snapshot" + (hashes ? "-with-digests" : ""),
          "A newer timestamp that announces an older snapshot.",
          "test_snapshot_rollback[" + (hashes ? "with hashes" : "basic") + "]",
          s -> {
            s.repo.hashes = hashes;
            s.init();
            s.repo.publish("snapshot", "timestamp");
            s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 2 targets 1");
            s.repo.role("snapshot").version = 1;
            s.repo.publishAsIs("snapshot");
            s.repo.publish("timestamp");
            s.refresh(
                "refused",
                "5.4.3.2",
                "2.root timestamp",
                "root 1 timestamp 2 snapshot 2 targets 1");
          });
      vectors.add(
          "rollback-targets" + (hashes ? "-with-digests" : ""),
          "A newer snapshot that announces older targets.",
          "test_targets_rollback[" + (hashes ? "with hashes" : "basic") + "]",
          s -> {
            s.repo.hashes = hashes;
            s.init();
            s.repo.publish("targets", "snapshot", "timestamp");
            s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 2 targets 2");
            s.repo.role("targets").version = 1;
            s.repo.publishAsIs("targets");
            s.repo.publish("snapshot", "timestamp");
            s.refresh(
                "refused",
                "5.5.5",
                "2.root timestamp 3.snapshot",
                "root 1 timestamp 3 snapshot 2 targets 2");
          });
    }
    vectors.add(
        "rollback-targets-left-out",
        "A newer snapshot that does not have a role that the trusted one had.",
        "",
        s -> {
          s.repo.delegate("targets", "delegated", false, "*");
          s.repo.publish("delegated", "targets", "snapshot", "timestamp");
          s.init();
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 2 targets 2");
          s.repo.snapshotMeta.remove("delegated");
          s.repo.publish("snapshot", "timestamp");
          s.refresh(
              "refused",
              "5.5.5",
              "2.root timestamp 3.snapshot",
              "root 1 timestamp 3 snapshot 2 targets 2");
        });
    vectors.add(
        "rollback-of-a-role-never-fetched",
        "The snapshot alone protects delegated roles, also those that the host never asked for.",
        "",
        s -> {
          s.repo.delegate("targets", "delegated", false, "*");
          s.repo.publish("delegated", "delegated", "targets", "snapshot", "timestamp");
          s.init();
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 2 targets 2");
          s.repo.snapshotMeta.put("delegated", MetaFile.of(1));
          s.repo.publish("snapshot", "timestamp");
          s.refresh(
              "refused",
              "5.5.5",
              "2.root timestamp 3.snapshot",
              "root 1 timestamp 3 snapshot 2 targets 2");
        });
    vectors.add(
        "rollback-snapshot-unannounced-version",
        "A snapshot under a name of another version than it says.",
        "test_new_snapshot_version_mismatch",
        s -> {
          s.init();
          s.repo.role("snapshot").version = 2;
          s.repo.metadata.put("1.snapshot.json", s.repo.sign("snapshot"));
          s.refresh("refused", "5.5.4", "2.root timestamp 1.snapshot", "root 1 timestamp 1");
        });
  }

  private static void recoveries(GoldenVectors vectors) {
    vectors.add(
        "recovery-timestamp",
        "Somebody has driven the timestamp's version up; a new key lets it begin again.",
        "test_new_timestamp_fast_forward_recovery, test_timestamp_fast_forward_recovery",
        s -> {
          s.init();
          s.repo.role("timestamp").version = 99_999;
          s.repo.publishAsIs("timestamp");
          s.refresh("current", "", "*", "root 1 timestamp 99999 snapshot 1 targets 1");
          s.repo.rotate("timestamp");
          s.repo.role("timestamp").version = 1;
          s.repo.publishAsIs("timestamp");
          s.repo.publish("root");
          s.refresh("current", "", "*", "root 2 timestamp 1 snapshot 1 targets 1");
        });
    vectors.add(
        "recovery-snapshot",
        "The snapshot's version was driven up; new keys of timestamp and snapshot.",
        "test_new_snapshot_fast_forward_recovery, test_snapshot_fast_forward_recovery",
        s -> {
          s.init();
          s.repo.role("snapshot").version = 99_999;
          s.repo.publishAsIs("snapshot");
          s.repo.publish("timestamp");
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 99999 targets 1");
          s.repo.rotate("snapshot");
          s.repo.rotate("timestamp");
          s.repo.role("snapshot").version = 1;
          s.repo.publishAsIs("snapshot");
          s.repo.publish("timestamp", "root");
          s.refresh("current", "", "*", "root 2 timestamp 3 snapshot 1 targets 1");
        });
    vectors.add(
        "recovery-snapshot-by-its-key-alone",
        "A new key of the snapshot alone lets both begin again, as the specification says.",
        "",
        s -> {
          s.init();
          s.repo.role("snapshot").version = 99_999;
          s.repo.publishAsIs("snapshot");
          s.repo.publish("timestamp");
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 99999 targets 1");
          s.repo.rotate("snapshot");
          s.repo.role("snapshot").version = 1;
          s.repo.publishAsIs("snapshot");
          s.repo.role("timestamp").version = 1;
          s.repo.publishAsIs("timestamp");
          s.repo.publish("root");
          s.refresh("current", "", "*", "root 2 timestamp 1 snapshot 1 targets 1");
        });
    vectors.add(
        "recovery-targets",
        "The targets' version was driven up in the snapshot; a new key of the snapshot.",
        "test_new_targets_fast_forward_recovery, test_targets_fast_forward_recovery",
        s -> {
          s.init();
          s.repo.role("targets").version = 99_999;
          s.repo.publishAsIs("targets");
          s.repo.publish("snapshot", "timestamp");
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 2 targets 99999");
          s.repo.rotate("snapshot");
          s.repo.role("targets").version = 1;
          s.repo.publishAsIs("targets");
          s.repo.publish("snapshot", "timestamp", "root");
          s.refresh("current", "", "*", "root 2 timestamp 3 snapshot 3 targets 1");
        });
    vectors.add(
        "no-recovery-by-a-key-more",
        "A role that gets one key more has not lost the others: versions go on.",
        "",
        s -> {
          s.init();
          s.repo.publish("timestamp", "timestamp");
          s.refresh("current", "", "*", "root 1 timestamp 3 snapshot 1 targets 1");
          s.repo.addKey("timestamp");
          s.repo.role("timestamp").version = 2;
          s.repo.publishAsIs("timestamp");
          s.repo.publish("root");
          s.refresh("refused", "5.4.3.1", "*", "root 2 timestamp 3 snapshot 1 targets 1");
        });
  }
}
