package redoubt.core.tuf;

import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redoubt.core.tuf.signing.BinsDraft;
import redoubt.core.tuf.signing.DelegationDraft;
import redoubt.core.tuf.signing.RoleDraft;
import redoubt.core.tuf.signing.SigningKey;

/// Step 5.6.7: who is asked, in which order, by whose keys.
final class DelegationVectors {
  private static final String TOP = "2.root timestamp 2.snapshot 2.targets";
  private static final String TRUSTED = "root 1 timestamp 2 snapshot 2 targets 2";

  private DelegationVectors() {}

  static void addTo(GoldenVectors vectors) {
    graphs(vectors);
    searches(vectors);
    bins(vectors);
    names(vectors);
    keys(vectors);
    limits(vectors);
  }

  /// @param graph delegations such as `targets>A B>C! A>D:*.py`: `!` is terminating, `:` begins the
  ///   pattern
  private static void graph(GoldenVectors vectors, String name, String graph, String visited) {
    vectors.add(
        "graph-" + name,
        "The search for a target that nobody lists asks these roles in this order: " + visited,
        "test_graph_traversal[" + name + "]",
        s -> {
          s.init();
          List<String> roles = build(s, graph);
          roles.forEach(s.repo::publish);
          s.repo.publish("targets", "snapshot", "timestamp");
          StringBuilder asked = new StringBuilder(TOP);
          StringBuilder trusted = new StringBuilder(TRUSTED);
          for (String role : visited.split(" ")) {
            asked.append(" 1.").append(role);
            trusted.append(' ').append(role).append(" 1");
          }
          s.download("missingpath", "absent", "", asked.toString(), trusted.toString());
        });
  }

  private static List<String> build(Scenario s, String graph) {
    for (String edge : graph.split(" ")) {
      String[] ends = edge.split("[>:!]+");
      String pattern = ends.length > 2 ? ends[2] : "*";
      s.repo.delegate(ends[0], ends[1], edge.contains("!"), pattern);
    }
    return s.repo.roles.keySet().stream().filter(role -> role.length() == 1).toList();
  }

  private static void graphs(GoldenVectors vectors) {
    graph(vectors, "basic-delegation", "targets>A", "A");
    graph(vectors, "single-level-delegations", "targets>A targets>B", "A B");
    graph(vectors, "two-level-delegations", "targets>A targets>B B>C", "A B C");
    graph(
        vectors, "two-level-test-DFS-order-of-traversal", "targets>A targets>B A>C A>D", "A C D B");
    graph(
        vectors,
        "three-level-delegation-test-DFS-order-of-traversal",
        "targets>A targets>B A>C C>D",
        "A C D B");
    graph(
        vectors,
        "two-level-terminating-ignores-all-but-roles-descendants",
        "targets>A targets>B A>C! A>D",
        "A C");
    graph(
        vectors,
        "three-level-terminating-ignores-all-but-roles-descendants",
        "targets>A targets>B A>C! C>D",
        "A C D");
    graph(
        vectors,
        "two-level-ignores-all-branches-not-matching-paths",
        "targets>A:*.py targets>B A>C",
        "B");
    graph(
        vectors,
        "three-level-ignores-all-branches-not-matching-paths",
        "targets>A targets>B A>C:*.py C>D",
        "A B");
    graph(vectors, "cyclic-graph", "targets>A targets>B B>C C>D D>B", "A B C D");
    graph(vectors, "two-roles-delegating-to-a-third", "targets>A targets>B B>C A>C", "A C B");
    graph(
        vectors,
        "two-roles-delegating-to-a-third-different-paths",
        "targets>A targets>B B>C A>C:*.py",
        "A B C");
  }

  private static void searches(GoldenVectors vectors) {
    search(vectors, "no delegations", "targetfile", "targetfile content", "");
    search(vectors, "targetpath matches wildcard", "README.md", "README by A", "A");
    search(vectors, "targetpath with separators x", "releases/x/x_v1", "x release by C", "B C");
    search(vectors, "targetpath with separators y", "releases/y/y_v1.zip", "y release by D", "B D");
    search(
        vectors,
        "targetpath is not delegated by all roles in the chain",
        "releases/z/z_v1.zip",
        "",
        "B");
  }

  private static void search(
      GoldenVectors vectors, String suite, String target, String content, String visited) {
    vectors.add(
        "search-" + target.replace('/', '-'),
        "A star stays within its directory, and every role on the way must delegate the path.",
        "test_targetfile_search[" + suite + "]",
        s -> {
          s.init();
          s.repo.delegate("targets", "A", false, "*.doc", "*.md");
          s.repo.delegate("targets", "B", false, "releases/*/*");
          s.repo.delegate("B", "C", false, "releases/x/*");
          s.repo.delegate("B", "D", false, "releases/y/*.zip");
          s.repo.addTarget("targets", "targetfile", "targetfile content");
          s.repo.addTarget("A", "README.md", "README by A");
          s.repo.addTarget("C", "releases/x/x_v1", "x release by C");
          s.repo.addTarget("D", "releases/y/y_v1.zip", "y release by D");
          s.repo.addTarget("D", "releases/z/z_v1.zip", "z release by D");
          s.repo.publish("A", "B", "C", "D", "targets", "snapshot", "timestamp");
          StringBuilder asked = new StringBuilder(TOP);
          StringBuilder trusted = new StringBuilder(TRUSTED);
          for (String role : visited.isEmpty() ? new String[0] : visited.split(" ")) {
            asked.append(" 1.").append(role);
            trusted.append(' ').append(role).append(" 1");
          }
          if (content.isEmpty()) {
            s.download(target, "absent", "", asked.toString(), trusted.toString());
          } else {
            s.download(target, "stored", "", asked.toString(), trusted.toString(), content);
          }
        });
  }

  private static void bins(GoldenVectors vectors) {
    bin(vectors, 1, "boo", "bin-0", "bin amount = 2, taget bin index 0");
    bin(vectors, 1, "too", "bin-1", "bin amount = 2, taget bin index 1");
    bin(vectors, 2, "foo", "bin-0", "bin amount = 4, taget bin index 0");
    bin(vectors, 2, "doo", "bin-1", "bin amount = 4, taget bin index 1");
    bin(vectors, 2, "too", "bin-2", "bin amount = 4, taget bin index 2");
    bin(vectors, 2, "bar", "bin-3", "bin amount = 4, taget bin index 3");
    bin(vectors, 8, "bar", "bin-fc", "bin amount = 256, taget bin index fc");
    bin(vectors, 5, "bar", "bin-1f", "");
    vectors.add(
        "bins-by-digest-prefixes",
        "A role may be delegated all paths whose digests begin alike.",
        "",
        s -> {
          s.init();
          s.repo.delegate("targets", "low", false, new PathRule.DigestPrefixes(List.of("0", "2c")));
          s.repo.delegate(
              "targets", "high", false, new PathRule.DigestPrefixes(List.of("fc", "fe")));
          s.repo.addTarget("high", "bar", "high content");
          s.repo.publish("low", "high", "targets", "snapshot", "timestamp");
          s.download("bar", "stored", "", TOP + " 1.high", TRUSTED + " high 1", "high content");
          s.download(
              "foo",
              "absent",
              "",
              "2.root timestamp 1.low",
              TRUSTED + " high 1 low 1",
              "high content");
        });
    vectors.add(
        "bins-and-paths",
        "A delegation by patterns and by digests at once is malformed.",
        "",
        s -> {
          s.init();
          s.repo.delegate("targets", "A", false, "*");
          s.repo.role("targets").edit =
              draft -> {
                Json.Items roles = (Json.Items) Edits.at(draft, "delegations", "roles");
                Json.Members role = (Json.Members) roles.values().getFirst();
                Json with =
                    Edits.set(
                        role, new Json.Items(List.of(new Json.Text("0"))), "path_hash_prefixes");
                return Edits.set(draft, new Json.Items(List.of(with)), "delegations", "roles");
              };
          s.repo.publish("A", "targets", "snapshot", "timestamp");
          s.refresh("refused", "4", TOP, "root 1 timestamp 2 snapshot 2");
        });
  }

  private static void bin(
      GoldenVectors vectors, int bits, String target, String bin, String suite) {
    vectors.add(
        "bins-" + (1 << bits) + "-" + target,
        "The first bits of the path's digest choose the one bin that is asked.",
        suite.isEmpty() ? "" : "test_succinct_roles_graph_traversal[" + suite + "]",
        s -> {
          s.init();
          SigningKey key = s.repo.newKey();
          BinsDraft bins =
              new BinsDraft(
                  "bin", bits, new RoleDraft(List.of(key.verifying()), 1), Optional.empty());
          s.repo.role("targets").bins = Optional.of(bins);
          SimulatedRepository.Role role = new SimulatedRepository.Role();
          role.signers.add(key);
          s.repo.roles.put(bin, role);
          s.repo.addTarget(bin, target, "in " + bin);
          s.repo.publish(bin);
          bins.names().forEach(name -> s.repo.snapshotMeta.putIfAbsent(name, MetaFile.of(1)));
          s.repo.publish("targets", "snapshot", "timestamp");
          s.download(
              target, "stored", "", TOP + " 1." + bin, TRUSTED + " " + bin + " 1", "in " + bin);
        });
  }

  private static void names(GoldenVectors vectors) {
    Map<String, String> names =
        Map.of(
            "?", "%3F",
            "#", "%23",
            "/delegatedrole", "%2Fdelegatedrole",
            "../delegatedrole", "..%2Fdelegatedrole",
            "..", "..",
            "a role", "a%20role",
            "röle%", "r%C3%B6le%25");
    names.forEach((name, encoded) ->
        vectors.add(
            "name-" + Digests.sha256(name.getBytes(StandardCharsets.UTF_8)).substring(0, 8),
            "A role's name, here "
                + encoded
                + " when encoded, stays one part of an address and one"
                + " file.",
            List.of("?", "#", "/delegatedrole", "../delegatedrole").contains(name)
                ? "test_unusual_role_name[" + name + "]"
                : "",
            s -> {
              s.init();
              s.repo.delegate("targets", name, false, "*");
              s.repo.publish(name, "targets", "snapshot", "timestamp");
              s.download(
                  "nonexistent target",
                  "absent",
                  "",
                  TOP + " 1." + encoded,
                  TRUSTED + " " + encoded + " 1");
            }));
    for (String name : List.of("root", "snapshot")) {
      vectors.add(
          "name-of-top-level-" + name,
          "Nobody delegates to a top-level role.",
          "",
          s -> {
            s.init();
            s.repo
                .role("targets")
                .delegations
                .add(
                    new DelegationDraft(
                        name,
                        new RoleDraft(List.of(s.repo.newKey().verifying()), 1),
                        false,
                        new PathRule.Patterns(List.of("*")),
                        Optional.empty()));
            s.repo.publish("targets", "snapshot", "timestamp");
            s.refresh("refused", "4", TOP, "root 1 timestamp 2 snapshot 2");
          });
    }
  }

  private static void keys(GoldenVectors vectors) {
    vectors.add(
        "delegator-decides",
        "Two roles delegate to one name with different keys. What the first one's keys signed is"
            + " stored, and does not count when the second one is asked.",
        "test_cached_role_is_verified_against_current_delegator",
        s -> {
          s.init();
          s.repo.delegate("targets", "A", false, "a/*");
          s.repo.delegate("targets", "B", false, "b/*");
          s.repo.delegate("A", "C", false, "a/*");
          s.repo
              .role("B")
              .delegations
              .add(
                  new DelegationDraft(
                      "C",
                      new RoleDraft(List.of(s.repo.newKey().verifying()), 1),
                      false,
                      new PathRule.Patterns(List.of("b/*")),
                      Optional.empty()));
          s.repo.addTarget("C", "a/x", "by A's C");
          s.repo.addTarget("C", "b/x", "not by B's C");
          s.repo.publish("A", "B", "C", "targets", "snapshot", "timestamp");
          s.download("a/x", "stored", "", TOP + " 1.A 1.C", TRUSTED + " A 1 C 1", "by A's C");
          s.download(
              "b/x",
              "refused",
              "5.6.3",
              "2.root timestamp 1.B 1.C",
              TRUSTED + " A 1 B 1 C 1",
              "by A's C");
        });
    vectors.add(
        "delegated-unsigned",
        "A delegated role without its signature ends the search: those after it must not answer for it.",
        "",
        s -> {
          s.init();
          s.repo.delegate("targets", "A", false, "*");
          s.repo.delegate("targets", "B", false, "*");
          s.repo.role("A").signers.clear();
          s.repo.addTarget("B", "x", "by B");
          s.repo.publish("A", "B", "targets", "snapshot", "timestamp");
          s.download("x", "refused", "5.6.3", TOP + " 1.A", TRUSTED);
        });
    vectors.add(
        "delegated-missing",
        "So does one that the mirror does not have.",
        "",
        s -> {
          s.init();
          s.repo.delegate("targets", "A", false, "*");
          s.repo.delegate("targets", "B", false, "*");
          s.repo.addTarget("B", "x", "by B");
          s.repo.publish("A", "B", "targets", "snapshot", "timestamp");
          s.repo.metadata.remove("1.A.json");
          s.download("x", "refused", "5.6.1", TOP + " 1.A", TRUSTED);
        });
    vectors.add(
        "delegated-not-in-the-snapshot",
        "And one that the snapshot does not have, which is not even asked for.",
        "",
        s -> {
          s.init();
          s.repo.delegate("targets", "A", false, "*");
          s.repo.publish("A");
          s.repo.snapshotMeta.remove("A");
          s.repo.publish("targets", "snapshot", "timestamp");
          s.download("x", "refused", "5.6.1", TOP, TRUSTED);
        });
    vectors.add(
        "delegated-keys-change",
        "A delegation with another key: what the old one signed is fetched anew.",
        "",
        s -> {
          s.init();
          s.repo.delegate("targets", "A", false, "*");
          s.repo.addTarget("A", "x", "content");
          s.repo.publish("A", "targets", "snapshot", "timestamp");
          s.download("x", "stored", "", TOP + " 1.A", TRUSTED + " A 1", "content");
          s.repo.role("targets").delegations.clear();
          s.repo.role("A").signers.clear();
          s.repo.delegate("targets", "A", false, "*");
          s.repo.publish("targets", "snapshot", "timestamp");
          s.repo.publishAsIs("A");
          s.download(
              "x",
              "kept",
              "",
              "2.root timestamp 3.snapshot 3.targets 1.A",
              "root 1 timestamp 3 snapshot 3 targets 3 A 1",
              "content");
        });
    vectors.add(
        "delegated-expiry-of-a-bystander",
        "A role that does not speak for the path is not asked, and its expiry is nobody's business.",
        "",
        s -> {
          s.init();
          s.repo.delegate("targets", "A", false, "a/*");
          s.repo.delegate("targets", "B", false, "b/*");
          s.repo.role("A").expires = SimulatedRepository.START.minus(1, ChronoUnit.DAYS);
          s.repo.addTarget("B", "b/x", "by B");
          s.repo.publish("A", "B", "targets", "snapshot", "timestamp");
          s.download("b/x", "stored", "", TOP + " 1.B", TRUSTED + " B 1", "by B");
        });
  }

  private static void limits(GoldenVectors vectors) {
    vectors.add(
        "limit-on-visited-roles",
        "After 32 delegated roles the search ends; a target in the 33rd is not found.",
        "",
        s -> {
          s.init();
          StringBuilder asked = new StringBuilder(TOP);
          StringBuilder trusted = new StringBuilder(TRUSTED);
          for (int i = 0; i < 33; i++) {
            s.repo.delegate("targets", "r" + i, false, "*");
            if (i < 32) {
              asked.append(" 1.r").append(i);
              trusted.append(" r").append(i).append(" 1");
            }
          }
          s.repo.addTarget("r32", "x", "too far");
          for (int i = 0; i < 33; i++) {
            s.repo.publish("r" + i);
          }
          s.repo.publish("targets", "snapshot", "timestamp");
          s.download("x", "absent", "", asked.toString(), trusted.toString());
        });
  }
}
