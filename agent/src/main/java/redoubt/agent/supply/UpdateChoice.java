package redoubt.agent.supply;

import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import redoubt.agent.updates.UpdatePolicy;

/// What an engine takes of what is published, and why. Stateless.
///
/// What was taken before is never taken again, nor is anything older: who holds a repository cannot
/// bring an old version back.
public sealed interface UpdateChoice {
  /// This one, now.
  record Take(Published bundle) implements UpdateChoice {}

  /// This one, when a window is open.
  record Wait(Published bundle) implements UpdateChoice {}

  /// Nothing.
  ///
  /// @param why in words
  record Nothing(String why) implements UpdateChoice {}

  /// Chooses.
  ///
  /// @param published all of the content that the engine follows
  /// @param newest the highest version that was ever taken; 0 for none
  /// @param refused which ones this host has refused
  /// @param moment by the host's clock
  static UpdateChoice of(
      UpdatePolicy policy,
      List<Published> published,
      long newest,
      Predicate<Published> refused,
      LocalDateTime moment) {
    if (policy.frozen()) {
      return new Nothing("frozen");
    }
    List<Published> meant =
        published.stream()
            .filter(each -> policy.channels().contains(each.channel()))
            .sorted(Comparator.comparingLong(Published::version).reversed())
            .toList();
    if (policy.pin().isPresent()) {
      long pin = policy.pin().getAsLong();
      meant = meant.stream().filter(each -> each.version() == pin).toList();
      if (meant.isEmpty()) {
        return new Nothing(
            pin <= newest ? "pinned: version=" + pin : "the pin is not published: version=" + pin);
      }
    } else {
      meant = meant.stream().skip(policy.behind()).toList();
    }
    if (meant.isEmpty()) {
      return new Nothing(
          published.isEmpty()
              ? "nothing is published"
              : "nothing is old enough, or of its channels");
    }
    Published first = meant.getFirst();
    if (refused.test(first)) {
      return new Nothing("refused before: version=" + first.version());
    }
    if (first.version() <= newest) {
      return new Nothing("up to date: version=" + newest);
    }
    return policy.isOpen(moment) ? new Take(first) : new Wait(first);
  }
}
