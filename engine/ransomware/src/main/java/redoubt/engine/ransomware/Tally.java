package redoubt.engine.ransomware;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// How many files each process has made unreadable in the last minute, with those that it started:
/// what many short processes do is the doing of whoever started them.
///
/// Bounded; the process that was heard of longest ago is forgotten first. Not thread-safe.
final class Tally {
  /// How many files are too many.
  static final int TOO_MANY = 20;

  /// Within how long.
  static final Duration WINDOW = Duration.ofMinutes(1);

  /// How many generations above the one who did it somebody may be guilty: further above are
  /// sessions and services, under which strangers work.
  static final int GENERATIONS = 3;

  private static final int PROCESSES = 4_096;
  private static final int INIT = 1;

  /// Who has made too many files unreadable.
  ///
  /// @param generations how many above the process of the event
  /// @param files some of the files, the latest last
  record Guilty(int generations, List<String> files) {}

  private static final class Losses {
    final SequencedMap<String, Long> files = new LinkedHashMap<>();
    long saidNanos = Long.MIN_VALUE;

    boolean areTooMany(long nanos) {
      return files.size() >= TOO_MANY && nanos - files.firstEntry().getValue() <= WINDOW.toNanos();
    }

    boolean isSaid(long nanos) {
      return saidNanos != Long.MIN_VALUE && nanos - saidNanos <= WINDOW.toNanos();
    }
  }

  private final SequencedMap<Integer, Losses> byProcess = new LinkedHashMap<>();

  /// A file was made unreadable. Nobody above one who is guilty already is charged with it.
  ///
  /// @param family the process that did it and those above, nearest first
  /// @param file by which name it is counted once
  void add(List<Integer> family, String file, long nanos) {
    for (int pid : family.stream().limit(GENERATIONS + 1L).filter(pid -> pid > INIT).toList()) {
      Losses losses = byProcess.remove(pid);
      if (losses == null) {
        losses = new Losses();
      }
      byProcess.putLast(pid, losses);
      losses.files.remove(file);
      losses.files.putLast(file, nanos);
      if (losses.files.size() > TOO_MANY) {
        losses.files.pollFirstEntry();
      }
      if (losses.isSaid(nanos)) {
        break;
      }
    }
    while (byProcess.size() > PROCESSES) {
      byProcess.pollFirstEntry();
    }
  }

  /// The nearest of a family who has made too many files unreadable, and of whom that has not been
  /// said in the last minute. Those above are charged no longer with what that one did: who started
  /// several, of which one is ransomware, is not.
  Optional<Guilty> guilty(List<Integer> family, long nanos) {
    for (int i = 0; i < Math.min(family.size(), GENERATIONS + 1); i++) {
      Losses losses = byProcess.get(family.get(i));
      if (losses != null && losses.areTooMany(nanos)) {
        if (losses.isSaid(nanos)) {
          return Optional.empty();
        }
        losses.saidNanos = nanos;
        acquit(family.subList(i + 1, family.size()), losses.files.keySet());
        return Optional.of(new Guilty(i, List.copyOf(losses.files.keySet())));
      }
    }
    return Optional.empty();
  }

  private void acquit(List<Integer> above, Set<String> files) {
    for (int pid : above) {
      Losses losses = byProcess.get(pid);
      if (losses != null) {
        losses.files.keySet().removeAll(files);
      }
    }
  }

  /// For how many processes it counts now.
  int size() {
    return byProcess.size();
  }

  /// Files that one process is said to have made unreadable.
  Map<String, Long> of(int pid) {
    Losses losses = byProcess.get(pid);
    return losses == null ? Map.of() : Map.copyOf(losses.files);
  }
}
