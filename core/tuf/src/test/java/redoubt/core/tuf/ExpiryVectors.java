package redoubt.core.tuf;

import java.time.temporal.ChronoUnit;

/// Freeze protection: what has expired is told from what is forged, and is not trusted anew.
final class ExpiryVectors {
  private static final String FRESH = "root 1 timestamp 1 snapshot 1 targets 1";

  private ExpiryVectors() {}

  static void addTo(GoldenVectors vectors) {
    topLevel(vectors);
    clocks(vectors);
    delegated(vectors);
  }

  private static void topLevel(GoldenVectors vectors) {
    vectors.add(
        "expired-root",
        "An expired root is trusted, so that a newer one can follow it, and ends the update.",
        "test_root_expired",
        s -> {
          s.init();
          s.refresh("current", "", "*", FRESH);
          s.repo.role("root").expires = SimulatedRepository.START.minus(1, ChronoUnit.DAYS);
          s.repo.publish("root", "timestamp");
          s.refresh(
              "expired", "5.3.10", "2.root 3.root", "root 2 timestamp 1 snapshot 1 targets 1");
        });
    vectors.add(
        "expired-root-on-the-way",
        "A root that has expired counts as long as another follows.",
        "",
        s -> {
          s.repo.role("root").expires = SimulatedRepository.START.minus(1, ChronoUnit.DAYS);
          s.repo.publish("root");
          s.init(s.repo.latest("root"));
          s.repo.publish("root");
          s.repo.role("root").expires = SimulatedRepository.LATER;
          s.repo.publish("root");
          s.refresh("current", "", "*", "root 4 timestamp 1 snapshot 1 targets 1");
        });
    for (String role : new String[] {"timestamp", "snapshot", "targets"}) {
      vectors.add(
          "expired-" + role,
          "A newer file that has expired does not replace the one that is trusted.",
          "test_" + role + "_expired",
          s -> {
            s.init();
            s.refresh("current", "", "*", FRESH);
            s.repo.role(role).expires = SimulatedRepository.START.minus(5, ChronoUnit.DAYS);
            s.repo.publish("targets", "snapshot", "timestamp");
            s.refresh("expired", step(role), "*", trusted(role));
          });
    }
    vectors.add(
        "expires-at-this-moment",
        "At its last moment a role has expired.",
        "",
        s -> {
          s.repo.role("timestamp").expires = SimulatedRepository.START.plus(7, ChronoUnit.DAYS);
          s.repo.publish("timestamp");
          s.init();
          s.daysPass(7);
          s.refresh("expired", "5.4.4", "*", "root 1");
        });
    vectors.add(
        "expires-in-another-form",
        "A time with fractions or an offset is no time of metadata.",
        "",
        s -> {
          s.init();
          s.repo.role("timestamp").edit =
              draft -> Edits.set(draft, new Json.Text("2030-01-31T00:00:00.5Z"), "expires");
          s.repo.publish("timestamp");
          s.refresh("refused", "4", "2.root timestamp", "root 1");
        });
  }

  private static String step(String role) {
    return switch (role) {
      case "timestamp" -> "5.4.4";
      case "snapshot" -> "5.5.6";
      default -> "5.6.5";
    };
  }

  private static String trusted(String role) {
    return switch (role) {
      case "timestamp" -> FRESH;
      case "snapshot" -> "root 1 timestamp 2 snapshot 1 targets 1";
      default -> "root 1 timestamp 2 snapshot 2 targets 1";
    };
  }

  private static void clocks(GoldenVectors vectors) {
    vectors.add(
        "expired-while-away",
        "What is trusted has expired meanwhile and still counts against rollback; newer metadata that"
            + " is in time is taken.",
        "test_expired_local_timestamp, test_expired_metadata",
        s -> {
          s.repo.role("timestamp").expires = SimulatedRepository.START.plus(7, ChronoUnit.DAYS);
          s.repo.publish("timestamp");
          s.init();
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 1 targets 1");
          s.repo.role("timestamp").expires = SimulatedRepository.START.plus(21, ChronoUnit.DAYS);
          s.repo.publish("targets", "snapshot", "timestamp");
          s.daysPass(18);
          s.refresh("current", "", "*", "root 1 timestamp 3 snapshot 2 targets 2");
        });
    vectors.add(
        "expired-and-nothing-new",
        "A repository that sleeps, or a mirror that hides its news: expired, not forged.",
        "test_faketime",
        s -> {
          s.init();
          s.refresh("current", "", "*", FRESH);
          s.daysPass(31);
          s.refresh("expired", "5.3.10", "2.root", FRESH);
        });
    vectors.add(
        "expired-timestamp-again",
        "The trusted timestamp has expired and the mirror has no newer one.",
        "",
        s -> {
          s.repo.role("timestamp").expires = SimulatedRepository.START.plus(7, ChronoUnit.DAYS);
          s.repo.publish("timestamp");
          s.init();
          s.refresh("current", "", "*", "root 1 timestamp 2 snapshot 1 targets 1");
          s.daysPass(8);
          s.refresh(
              "expired", "5.4.4", "2.root timestamp", "root 1 timestamp 2 snapshot 1 targets 1");
        });
  }

  private static void delegated(GoldenVectors vectors) {
    vectors.add(
        "expired-delegated",
        "A delegated role that has expired before it was ever seen is not trusted.",
        "test_delegated_targets_expired",
        s -> {
          s.init();
          s.repo.delegate("targets", "delegated", false, "some/*");
          s.repo.role("delegated").expires = SimulatedRepository.START.minus(1, ChronoUnit.DAYS);
          s.repo.addTarget("delegated", "some/target", "content");
          s.repo.publish("delegated", "targets", "snapshot", "timestamp");
          s.download(
              "some/target", "expired", "5.6.5", "*", "root 1 timestamp 2 snapshot 2 targets 2");
        });
    vectors.add(
        "expired-delegated-while-away",
        "A delegated role that was trusted is not any more when it has expired, until there is a newer"
            + " one.",
        "test_expired_local_delegated_targets, test_expired_local_delegated_targets_updates",
        s -> {
          s.init();
          s.repo.delegate("targets", "delegated", false, "some/*");
          s.repo.role("delegated").expires = SimulatedRepository.START.plus(7, ChronoUnit.DAYS);
          s.repo.addTarget("delegated", "some/first", "first");
          s.repo.addTarget("delegated", "some/second", "second");
          s.repo.publish("delegated", "targets", "snapshot", "timestamp");
          String trusted = "root 1 timestamp 2 snapshot 2 targets 2 delegated 1";
          s.download("some/first", "stored", "", "*", trusted, "first");
          s.daysPass(18);
          s.download("some/second", "expired", "5.6.5", "2.root timestamp", trusted, "first");
          s.repo.role("delegated").expires = SimulatedRepository.START.plus(21, ChronoUnit.DAYS);
          s.repo.publish("delegated", "snapshot", "timestamp");
          s.download(
              "some/second",
              "stored",
              "",
              "2.root timestamp 3.snapshot 2.delegated",
              "root 1 timestamp 3 snapshot 3 targets 2 delegated 2",
              "first",
              "second");
        });
  }
}
