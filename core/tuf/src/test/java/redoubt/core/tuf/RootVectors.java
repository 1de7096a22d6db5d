package redoubt.core.tuf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import redoubt.core.tuf.signing.SigningKey;

/// Steps 5.2 and 5.3: what a root must be before it is trusted.
final class RootVectors {
  private static final String FRESH = "root 1 timestamp 1 snapshot 1 targets 1";
  private static final String ALL_ASKED = "2.root timestamp 1.snapshot 1.targets";

  private RootVectors() {}

  static void addTo(GoldenVectors vectors) {
    first(vectors);
    initialRoots(vectors);
    nextRoots(vectors);
    forms(vectors);
    keyKinds(vectors);
  }

  private static void first(GoldenVectors vectors) {
    vectors.add(
        "root-first-refresh",
        "A host with a pinned root asks for the next root, then for each role once, and trusts all.",
        "test_basic_refresh_requests, test_basic_refresh_trusted_data",
        s -> {
          s.init();
          s.refresh("current", "", ALL_ASKED, FRESH);
          s.refresh("current", "", "2.root timestamp", FRESH);
        });
    vectors.add(
        "root-download-refreshes",
        "A download brings the metadata up to date first, also when there is no such target.",
        "test_implicit_refresh",
        s -> {
          s.init();
          s.download("no/such", "absent", "", ALL_ASKED, FRESH);
        });
  }

  private static void initialRoots(GoldenVectors vectors) {
    vectors.add(
        "root-pinned-malformed",
        "A pinned root without a version is refused before anything is asked for.",
        "test_invalid_initial_root",
        s -> {
          byte[] root = s.repo.latest("root");
          s.init(CanonicalJson.writeFile(Edits.remove(Edits.read(root), "signed", "version")));
          s.refresh("refused", "4", "", "");
        });
    vectors.add(
        "root-pinned-unsigned",
        "A pinned root whose signature is another one is refused before anything is asked for.",
        "test_unsigned_initial_root",
        s -> {
          byte[] root = s.repo.latest("root");
          String keyId = s.repo.role("root").signers.getFirst().keyId();
          s.init(Edits.withSignature(root, keyId, "00".repeat(64)));
          s.refresh("refused", "5.2", "", "");
        });
    vectors.add(
        "root-pinned-of-another-kind",
        "Metadata of another kind is no root.",
        "",
        s -> {
          s.init(s.repo.latest("targets"));
          s.refresh("refused", "4", "", "");
        });
  }

  private static void nextRoots(GoldenVectors vectors) {
    vectors.add(
        "root-next-unsigned",
        "A next root without enough signatures ends the update; the trusted one stays.",
        "test_unsigned_metadata[root]",
        s -> {
          s.init();
          s.repo.role("root").signers.clear();
          s.repo.publish("root", "targets", "snapshot", "timestamp");
          s.refresh("refused", "5.3.4", "2.root", "root 1");
        });
    vectors.add(
        "root-next-of-another-version",
        "A root that is offered as the next and says another version is refused.",
        "test_url_and_metadata_version_mismatch[root]",
        s -> {
          s.init();
          s.repo.role("root").version = 3;
          s.repo.serve("root", 2, s.repo.sign("root"));
          s.refresh("refused", "5.3.5", "2.root", "root 1");
        });
    vectors.add(
        "root-next-is-the-same",
        "The trusted root itself, offered as the next, is refused.",
        "",
        s -> {
          s.init();
          s.repo.serve("root", 2, s.repo.latest("root"));
          s.refresh("refused", "5.3.5", "2.root", "root 1");
        });
    vectors.add(
        "root-chain",
        "A host that was away walks every root between the one it trusts and the newest.",
        "",
        s -> {
          s.init();
          s.repo.publish("root", "root", "root");
          s.refresh(
              "current",
              "",
              "2.root 3.root 4.root 5.root timestamp 1.snapshot 1.targets",
              "root 4 timestamp 1 snapshot 1 targets 1");
          s.repo.publish("root");
          s.refresh(
              "current", "", "5.root 6.root timestamp", "root 5 timestamp 1 snapshot 1 targets 1");
        });
    vectors.add(
        "root-chain-breaks",
        "A wrong root ends the walk; those before it are trusted, and the next walk begins there.",
        "",
        s -> {
          s.init();
          s.repo.publish("root");
          byte[] third = s.repo.sign("root");
          s.repo.serve("root", 3, third);
          s.refresh("refused", "5.3.5", "2.root 3.root", "root 2");
          s.repo.metadata.remove("3.root.json");
          s.repo.publish("root");
          s.refresh(
              "current",
              "",
              "3.root 4.root timestamp 1.snapshot 1.targets",
              "root 3 timestamp 1 snapshot 1 targets 1");
        });
  }

  private static void forms(GoldenVectors vectors) {
    vectors.add(
        "root-unknown-members",
        "Members that the specification does not know are signed over and otherwise read past.",
        "test_custom_fields",
        s -> {
          s.init();
          s.refresh("current", "", ALL_ASKED, FRESH);
          SimulatedRepository.Role root = s.repo.role("root");
          String keyId = root.signers.getFirst().keyId();
          root.edit =
              draft -> {
                Json more =
                    new Json.Members(Map.of("b", new Json.Whole(2), "a", new Json.Whole(1)));
                Json.Members with = Edits.set(draft, new Json.Text("value"), "custom");
                with = Edits.set(with, more, "keys", keyId, "extra");
                return Edits.set(with, new Json.Nothing(), "roles", "root", "more");
              };
          s.repo.publish("root");
          s.refresh(
              "current", "", "2.root 3.root timestamp", "root 2 timestamp 1 snapshot 1 targets 1");
        });
    vectors.add(
        "root-key-ids-are-names",
        "A key id need not be a digest of its key, and what old repositories say of digests of keys"
            + " changes nothing.",
        "test_deprecated_keyid_hash_algorithms",
        s -> {
          s.init();
          String keyId = s.repo.role("snapshot").signers.getFirst().keyId();
          s.repo.role("root").edit =
              draft ->
                  Edits.set(draft, new Json.Text("md5"), "keys", keyId, "keyid_hash_algorithms");
          s.repo.publish("root");
          s.refresh("current", "", "*", "root 2 timestamp 1 snapshot 1 targets 1");
          s.repo.role("root").edit = draft -> renamed(draft, keyId);
          s.repo.publish("root");
          String signature = Edits.signature(s.repo.latest("snapshot"));
          s.repo.serve(
              "snapshot", 1, Edits.withSignature(s.repo.latest("snapshot"), "any name", signature));
          s.refresh("current", "", "*", "root 3 timestamp 1 snapshot 1 targets 1");
        });
    vectors.add(
        "root-two-members-of-one-name",
        "JSON with a name twice is refused, whichever of the two was meant.",
        "",
        s -> {
          s.init();
          s.repo.publish("root");
          String text = new String(s.repo.latest("root"), StandardCharsets.UTF_8);
          s.repo.serve(
              "root",
              2,
              text.replace("\"signatures\":", "\"signatures\":[],\"signatures\":")
                  .getBytes(StandardCharsets.UTF_8));
          s.refresh("refused", "4", "2.root", "root 1");
        });
    vectors.add(
        "root-of-another-specification",
        "Metadata of another major version of the specification is refused.",
        "",
        s -> {
          s.init();
          s.repo.role("root").edit =
              draft -> Edits.set(draft, new Json.Text("2.0.0"), "spec_version");
          s.repo.publish("root");
          s.refresh("refused", "4", "2.root", "root 1");
        });
  }

  private static Json.Members renamed(Json.Members root, String keyId) {
    Json key = Edits.at(root, "keys", keyId);
    Json.Members with = Edits.set(Edits.remove(root, "keys", keyId), key, "keys", "any name");
    return Edits.set(
        with, new Json.Items(List.of(new Json.Text("any name"))), "roles", "snapshot", "keyids");
  }

  private static void keyKinds(GoldenVectors vectors) {
    for (KeyScheme scheme : KeyScheme.values()) {
      vectors.add(
          "root-key-" + scheme.text(),
          "A root that needs a signature of this kind too is trusted with it, and refused when that"
              + " signature is another one.",
          scheme == KeyScheme.ECDSA_P384
              ? ""
              : "test_keytype_and_scheme[" + scheme.keyType() + "/" + scheme.text() + "]",
          s -> {
            s.init();
            SigningKey key = TestKeys.of(scheme, 1000);
            s.repo.addKey("root", key);
            s.repo.keys("root").threshold = 2;
            s.repo.publish("root");
            s.refresh("current", "", "*", "root 2 timestamp 1 snapshot 1 targets 1");
            s.repo.publish("root");
            byte[] other = SimulatedRepository.sign(s.repo.draft("snapshot"), List.of(key));
            s.repo.serve(
                "root",
                3,
                Edits.withSignature(s.repo.latest("root"), key.keyId(), Edits.signature(other)));
            s.refresh("refused", "5.3.4", "3.root", "root 2 timestamp 1 snapshot 1 targets 1");
          });
    }
    vectors.add(
        "root-key-of-unknown-kind",
        "A key of a kind that nobody knows signs nothing, and does not keep those that are known from"
            + " signing.",
        "",
        s -> {
          s.init();
          s.repo.role("root").edit =
              draft -> {
                Json unknown =
                    new Json.Members(
                        Map.of(
                            "keytype", new Json.Text("lattice"),
                            "scheme", new Json.Text("lattice-1"),
                            "keyval", new Json.Members(Map.of("public", new Json.Text("what")))));
                Json.Members with = Edits.set(draft, unknown, "keys", "lattice key");
                Json ids =
                    new Json.Items(
                        List.of(
                            new Json.Text("lattice key"),
                            new Json.Text(s.repo.role("root").signers.getFirst().keyId())));
                return Edits.set(with, ids, "roles", "root", "keyids");
              };
          s.repo.publish("root");
          s.refresh("current", "", "*", "root 2 timestamp 1 snapshot 1 targets 1");
        });
  }
}
