package redoubt.engine.ransomware;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import redoubt.core.model.EventClass;
import redoubt.core.model.Finding.Reason;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.HostEvent;
import redoubt.core.model.HostEvent.FileChange;
import redoubt.core.model.HostEvent.FileContent;
import redoubt.core.model.ResponseAction;
import redoubt.engine.kit.HostFinding;

/// Looks at what is done to files, one event after the other. Not thread-safe.
///
/// A file is lost when it is nothing but random bytes by now and was there before, when its name
/// promises something readable, or when it is the unreadable copy of one that is then removed. One
/// lost file is nothing; [Tally#TOO_MANY] in a minute by one family of processes are ransomware.
///
/// What is in a file is told by another sensor than its removal, and later where the host is busy:
/// a copy and the removal of its original belong together in whichever order they are heard of.
final class Watch {
  /// A file that is younger is new: whoever made it may write into it what he likes.
  static final Duration OLD = Duration.ofMinutes(1);

  private static final int WAITED_FOR = 1_024;
  private static final int EXAMPLES = 3;
  private static final List<String> TECHNIQUES = List.of("T1486");
  private static final Set<ResponseAction> WISHES = Set.of(ResponseAction.FREEZE);

  private final WatchList list;
  private final Tally tally = new Tally();

  /// Files of which somebody made an unreadable copy, and who did: should they be removed.
  private final SequencedMap<String, List<Integer>> copied = new LinkedHashMap<>();

  /// When which file was removed: should an unreadable copy of it be heard of later.
  private final SequencedMap<String, Long> removed = new LinkedHashMap<>();

  Watch(WatchList list) {
    this.list = list;
  }

  /// What the owner says.
  WatchList list() {
    return list;
  }

  /// Looks at one event.
  ///
  /// @return what is to be reported about it
  Optional<HostFinding> look(HostEvent event) {
    return switch (event) {
      case FileChange change -> look(change);
      case FileContent content when !list.exempt().contains(content.process().image()) ->
          look(content);
      default -> Optional.empty();
    };
  }

  private Optional<HostFinding> look(FileChange change) {
    if (change.eventClass() == EventClass.FILE_DELETE) {
      List<Integer> family = copied.remove(change.path());
      if (family != null) {
        tally.add(family, change.path(), change.timeNanos());
      } else {
        keep(removed, change.path(), change.timeNanos());
      }
    }
    boolean canary =
        list.canaries().contains(change.path()) || list.canaries().contains(change.oldPath());
    return canary && !list.exempt().contains(change.process().image())
        ? Optional.of(
            new HostFinding(
                "canary",
                "A file was touched that nobody has a reason to touch",
                FindingLevel.CRITICAL,
                TECHNIQUES,
                List.of(
                    new Reason("TargetFilename", change.path()),
                    new Reason("Image", change.process().image())),
                WISHES,
                0))
        : Optional.empty();
  }

  private Optional<HostFinding> look(FileContent content) {
    if (!Likeness.isUnreadable(content)) {
      return Optional.empty();
    }
    List<Integer> family = new ArrayList<>();
    family.add(content.process().pid());
    family.addAll(content.ancestors());
    String before = content.oldPath().isEmpty() ? content.path() : content.oldPath();
    if (isOld(content)
        || Likeness.isNameOfReadable(content.path())
        || Likeness.isNameOfReadable(before)) {
      tally.add(family, before, content.timeNanos());
    } else {
      copy(Likeness.withoutAddition(content.path()), family, content.timeNanos());
    }
    return tally.guilty(family, content.timeNanos()).map(guilty -> finding(content, guilty));
  }

  private static boolean isOld(FileContent content) {
    return content.birthNanos() != 0 && content.timeNanos() - content.birthNanos() >= OLD.toNanos();
  }

  private void copy(String original, List<Integer> family, long nanos) {
    if (original.isEmpty()) {
      return;
    }
    Long gone = removed.remove(original);
    if (gone != null && nanos - gone <= Tally.WINDOW.toNanos()) {
      tally.add(family, original, nanos);
    } else {
      keep(copied, original, List.copyOf(family));
    }
  }

  private static <T> void keep(SequencedMap<String, T> kept, String path, T value) {
    kept.putLast(path, value);
    if (kept.size() > WAITED_FOR) {
      kept.pollFirstEntry();
    }
  }

  private static HostFinding finding(FileContent content, Tally.Guilty guilty) {
    List<Reason> reasons = new ArrayList<>();
    reasons.add(new Reason("Files", Tally.TOO_MANY + " in " + Tally.WINDOW.toSeconds() + " s"));
    guilty.files().stream()
        .skip(guilty.files().size() - EXAMPLES)
        .forEach(file -> reasons.add(new Reason("TargetFilename", file)));
    reasons.add(new Reason("Image", content.process().image()));
    return new HostFinding(
        "files-made-unreadable",
        "Many files were made unreadable by one family of processes",
        FindingLevel.CRITICAL,
        TECHNIQUES,
        reasons,
        WISHES,
        guilty.generations());
  }
}
