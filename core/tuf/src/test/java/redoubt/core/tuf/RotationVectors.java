package redoubt.core.tuf;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import redoubt.core.tuf.signing.SigningKey;

/// Who may sign changes: for the root (5.3.4), for the other top-level roles, and thresholds that
/// only seem to be reached.
final class RotationVectors {
  private RotationVectors() {}

  /// One root: who may sign from then on, how many must, who has signed.
  private record Version(List<Integer> keys, int threshold, List<Integer> signers) {}

  private static Version root(int[] keys, int threshold, int... signers) {
    return new Version(
        Arrays.stream(keys).boxed().toList(), threshold, Arrays.stream(signers).boxed().toList());
  }

  private static int[] keys(int... numbers) {
    return numbers;
  }

  static void addTo(GoldenVectors vectors) {
    roots(vectors);
    otherRoles(vectors);
    thresholds(vectors);
  }

  private static void roots(GoldenVectors vectors) {
    int[] one = keys(1);
    int[] two = keys(2);
    int[] five = keys(0, 1, 2, 3, 4);
    int[] oneChanged = keys(0, 1, 3, 4, 5);
    int[] three = keys(1, 2, 3);
    accepted(vectors, "1-of-1-key-rotation", root(one, 1, 1), root(two, 1, 2, 1), root(two, 1, 2));
    accepted(
        vectors,
        "1-of-1-key-rotation-unused-signatures",
        root(one, 1, 3, 1, 4),
        root(two, 1, 3, 2, 1, 4),
        root(two, 1, 3, 2, 4));
    accepted(
        vectors,
        "3-of-5-sign-with-different-keycombos",
        root(five, 3, 0, 2, 4),
        root(five, 3, 0, 4, 1),
        root(five, 3, 0, 1, 3),
        root(five, 3, 0, 1, 3));
    accepted(
        vectors, "3-of-5-one-key-rotated", root(five, 3, 0, 2, 4), root(oneChanged, 3, 0, 4, 1));
    accepted(
        vectors,
        "3-of-5-one-key-rotated-with-intermediate-step",
        root(five, 3, 0, 2, 4),
        root(oneChanged, 3, 0, 2, 4, 5),
        root(oneChanged, 3, 0, 4, 5));
    accepted(
        vectors,
        "3-of-5-all-keys-rotated-with-intermediate-step",
        root(five, 3, 0, 2, 4),
        root(keys(5, 6, 7, 8, 9), 3, 0, 2, 4, 5, 6, 7),
        root(keys(5, 6, 7, 8, 9), 3, 5, 6, 7));
    accepted(
        vectors, "1-of-3-threshold-increase-to-2-of-3", root(three, 1, 1), root(three, 2, 1, 2));
    accepted(
        vectors,
        "2-of-3-threshold-decrease-to-1-of-3",
        root(three, 2, 1, 2),
        root(three, 1, 1, 2),
        root(three, 1, 1));
    accepted(
        vectors, "1-of-2-threshold-increase-to-2-of-2", root(one, 1, 1), root(keys(1, 2), 2, 1, 2));
    refused(
        vectors,
        "1-of-1-key-rotation-fail-not-signed-with-old-key",
        root(one, 1, 1),
        root(two, 1, 2, 3, 4));
    refused(
        vectors,
        "1-of-1-key-rotation-fail-not-signed-with-new-key",
        root(one, 1, 1),
        root(two, 1, 1, 3, 4));
    refused(
        vectors,
        "3-of-5-one-key-rotate-fails-not-signed-with-3-new-keys",
        root(five, 3, 0, 2, 4),
        root(oneChanged, 3, 0, 2, 4));
    refused(
        vectors,
        "3-of-5-one-key-rotate-fails-not-signed-with-3-old-keys",
        root(five, 3, 0, 2, 4),
        root(oneChanged, 3, 0, 4, 5));
    refused(
        vectors,
        "1-of-3-threshold-bump-to-2-of-3-fails-new-threshold-not-reached",
        root(three, 1, 1),
        root(three, 2, 2));
    refused(
        vectors,
        "2-of-3-threshold-decr-to-1-of-3-fails-old-threshold-not-reached",
        root(three, 2, 1, 2),
        root(three, 1, 1));
  }

  private static void accepted(GoldenVectors vectors, String name, Version... versions) {
    vectors.add(
        "rotation-root-" + name,
        "Each root is signed by enough of those who could sign before and of those who can now.",
        "test_root_rotation[" + name + "]",
        s -> {
          publish(s, versions);
          s.refresh(
              "current", "", "*", "root " + versions.length + " timestamp 1 snapshot 1 targets 1");
        });
  }

  private static void refused(GoldenVectors vectors, String name, Version... versions) {
    vectors.add(
        "rotation-root-" + name,
        "The last root lacks signatures of those who could sign before, or of those who can now.",
        "test_root_rotation[" + name + "]",
        s -> {
          publish(s, versions);
          s.refresh("refused", "5.3.4", "*", "root " + (versions.length - 1));
        });
  }

  private static void publish(Scenario s, Version... versions) {
    s.repo.metadata.remove("1.root.json");
    s.repo.role("root").version = 0;
    for (Version version : versions) {
      s.repo.keys("root").keys.clear();
      s.repo.role("root").signers.clear();
      version.keys().forEach(key -> s.repo.keys("root").keys.add(key(key).verifying()));
      version.signers().forEach(key -> s.repo.role("root").signers.add(key(key)));
      s.repo.keys("root").threshold = version.threshold();
      s.repo.publish("root");
    }
    s.init(Objects.requireNonNull(s.repo.metadata.get("1.root.json")));
  }

  private static SigningKey key(int number) {
    return TestKeys.ed25519(100 + number);
  }

  private static void otherRoles(GoldenVectors vectors) {
    int[] five = keys(0, 1, 2, 3, 4);
    int[] oneChanged = keys(0, 1, 3, 4, 5);
    other(vectors, "1-of-1-key-rotation", root(keys(2), 1, 2), true);
    other(vectors, "1-of-1-key-rotation-unused-signatures", root(keys(1), 1, 3, 1, 4), true);
    other(
        vectors,
        "1-of-1-key-rotation-fail-not-signed-with-new-key",
        root(keys(2), 1, 1, 3, 4),
        false);
    other(
        vectors,
        "3-of-5-one-key-signature-wrong-not-signed-with-3-expected-keys",
        root(oneChanged, 3, 0, 2, 4),
        false);
    other(
        vectors,
        "2-of-5-one-key-signature-missing-threshold-not-reached",
        root(oneChanged, 3, 0, 4),
        false);
    other(vectors, "3-of-5-sign-first-combo", root(five, 3, 0, 2, 4), true);
    other(vectors, "3-of-5-sign-second-combo", root(five, 3, 0, 4, 1), true);
    other(vectors, "3-of-5-sign-third-combo", root(five, 3, 0, 1, 3), true);
    other(vectors, "3-of-5-sign-fourth-combo", root(five, 3, 1, 2, 3), true);
    other(vectors, "3-of-5-sign-fifth-combo", root(five, 3, 2, 3, 4), true);
  }

  private static void other(GoldenVectors vectors, String name, Version version, boolean accepted) {
    for (String role : List.of("timestamp", "snapshot", "targets")) {
      vectors.add(
          "rotation-" + role + "-" + name,
          "A root gives the role other keys; the role's file counts by those alone.",
          "test_non_root_rotations[" + name + "]",
          s -> {
            s.init();
            s.repo.keys(role).keys.clear();
            s.repo.role(role).signers.clear();
            s.repo.keys(role).threshold = version.threshold();
            version.keys().forEach(key -> s.repo.keys(role).keys.add(key(key).verifying()));
            version.signers().forEach(key -> s.repo.role(role).signers.add(key(key)));
            s.repo.publish("root");
            s.repo.publishAsIs(role);
            s.refresh(
                accepted ? "current" : "refused",
                accepted ? "" : step(role),
                "*",
                accepted ? "root 2 timestamp 1 snapshot 1 targets 1" : before(role));
          });
    }
  }

  private static String step(String role) {
    return switch (role) {
      case "timestamp" -> "5.4.2";
      case "snapshot" -> "5.5.3";
      default -> "5.6.3";
    };
  }

  private static String before(String role) {
    return switch (role) {
      case "timestamp" -> "root 2";
      case "snapshot" -> "root 2 timestamp 1";
      default -> "root 2 timestamp 1 snapshot 1";
    };
  }

  private static void thresholds(GoldenVectors vectors) {
    vectors.add(
        "threshold-one-signature-short",
        "Three keys, three needed, two signatures.",
        "test_snapshot_does_not_meet_threshold",
        s -> {
          s.repo.addKey("snapshot");
          s.repo.addKey("snapshot");
          s.repo.keys("snapshot").threshold = 3;
          s.repo.publish("root", "targets", "snapshot", "timestamp");
          s.init();
          s.refresh("current", "", "*", "root 2 timestamp 2 snapshot 2 targets 2");
          s.repo.role("snapshot").signers.removeLast();
          s.repo.publish("targets", "snapshot", "timestamp");
          s.refresh("refused", "5.5.3", "*", "root 2 timestamp 3 snapshot 2 targets 2");
        });
    vectors.add(
        "threshold-beyond-the-keys",
        "A threshold that the role's keys can never reach.",
        "test_snapshot_has_too_few_keys",
        s -> {
          s.init();
          s.repo.addKey("snapshot");
          s.repo.role("root").edit =
              draft -> Edits.set(draft, new Json.Whole(3), "roles", "snapshot", "threshold");
          s.repo.publish("root", "snapshot", "timestamp");
          s.refresh("refused", "5.5.3", "*", "root 2 timestamp 2");
        });
    vectors.add(
        "threshold-one-key-many-names",
        "One key under many key ids, each with a signature, is one key.",
        "test_duplicate_keys",
        s -> {
          s.init();
          SigningKey key = s.repo.role("snapshot").signers.getFirst();
          s.repo.role("root").edit =
              draft -> {
                Json.Members with =
                    Edits.set(draft, key.verifying().form(), "keys", "the same key");
                with =
                    Edits.set(
                        with,
                        new Json.Items(
                            List.of(new Json.Text(key.keyId()), new Json.Text("the same key"))),
                        "roles",
                        "snapshot",
                        "keyids");
                return Edits.set(with, new Json.Whole(2), "roles", "snapshot", "threshold");
              };
          s.repo.publish("root", "snapshot", "timestamp");
          byte[] snapshot = s.repo.latest("snapshot");
          s.repo.serve(
              "snapshot",
              2,
              Edits.withSignature(snapshot, "the same key", Edits.signature(snapshot)));
          s.refresh("refused", "5.5.3", "*", "root 2 timestamp 2");
        });
    vectors.add(
        "threshold-key-id-twice",
        "A role that names a key id twice is malformed.",
        "test_duplicate_keys",
        s -> {
          s.init();
          Json keyId = new Json.Text(s.repo.role("snapshot").signers.getFirst().keyId());
          s.repo.role("root").edit =
              draft ->
                  Edits.set(
                      draft, new Json.Items(List.of(keyId, keyId)), "roles", "snapshot", "keyids");
          s.repo.publish("root");
          s.refresh("refused", "4", "2.root", "root 1");
        });
    vectors.add(
        "threshold-signature-twice",
        "Two signatures of one key id make the file malformed, even where one suffices.",
        "test_duplicate_sig_keyids",
        s -> {
          s.init();
          byte[] snapshot = s.repo.latest("snapshot");
          String keyId = s.repo.role("snapshot").signers.getFirst().keyId();
          s.repo.serve(
              "snapshot", 1, Edits.withExtraSignature(snapshot, keyId, Edits.signature(snapshot)));
          s.refresh("refused", "4", "*", "root 1 timestamp 1");
        });
    vectors.add(
        "threshold-reached-beside-a-wrong-signature",
        "Signatures that are wrong, or none at all, do not spoil those that suffice.",
        "test_invalid_sig_in_valid_metadata",
        s -> {
          s.init();
          String keyId = s.repo.role("timestamp").signers.getFirst().keyId();
          String old = Edits.signature(s.repo.latest("timestamp"));
          s.repo.addKey("timestamp");
          s.repo.publish("root", "timestamp");
          s.repo.serve("timestamp", 2, Edits.withSignature(s.repo.latest("timestamp"), keyId, old));
          s.refresh("current", "", "*", "root 2 timestamp 2 snapshot 1 targets 1");
          s.repo.publish("timestamp");
          s.repo.serve("timestamp", 3, Edits.withSignature(s.repo.latest("timestamp"), keyId, ""));
          s.refresh("current", "", "*", "root 2 timestamp 3 snapshot 1 targets 1");
          s.repo.publish("timestamp");
          s.repo.serve(
              "timestamp", 4, Edits.withSignature(s.repo.latest("timestamp"), keyId, "no hex"));
          s.refresh("current", "", "*", "root 2 timestamp 4 snapshot 1 targets 1");
        });
  }
}
