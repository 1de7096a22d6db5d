package redoubt.engine.ransomware;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.EventFilter.Alternative;
import redoubt.core.model.EventFilter.Condition;
import redoubt.core.model.EventFilter.SoughtText;
import redoubt.core.model.Place;
import redoubt.core.model.Sha256;
import redoubt.engine.kit.Content;
import redoubt.engine.kit.Engine;
import redoubt.engine.kit.EngineDescription;
import redoubt.engine.kit.FileEvent;
import redoubt.engine.kit.HostEvents;
import redoubt.engine.kit.Judgement;
import redoubt.engine.kit.LoadResult;

/// Recognises ransomware by what it does: many files that are nothing but random bytes by now, or a
/// canary that is touched. Its content is a [WatchList].
final class Ransomware implements Engine {
  private static final String SCHEMA = "redoubt watch list 1";
  private static final String VERSION = "0.1.0";

  private static final Set<EventClass> CLASSES =
      Set.of(
          EventClass.FILE_CONTENT,
          EventClass.FILE_MODIFY,
          EventClass.FILE_RENAME,
          EventClass.FILE_DELETE);

  /// Belongs to the thread that observes once it is set.
  private volatile @Nullable Watch watch;

  /// An engine without content yet.
  Ransomware() {}

  @Override
  public EngineDescription describe() {
    return new EngineDescription(
        "Redoubt ransomware watch",
        "Redoubt",
        VERSION,
        Sha256.ofText(SCHEMA).toString(),
        Set.of(),
        CLASSES);
  }

  @Override
  public LoadResult load(Content content) throws IOException {
    if (content.bytes().sizeBytes() > WatchList.MAX_BYTES) {
      return refused("payload", "longer than " + WatchList.MAX_BYTES + " bytes");
    }
    try {
      WatchList read =
          WatchList.parse(content.bytes().stream(content.bytes().sizeBytes()).readAllBytes());
      watch = new Watch(read);
      return new LoadResult.Loaded(read.canaries().size() + read.exempt().size(), List.of());
    } catch (WatchList.BadListException e) {
      return refused("line " + e.line(), String.valueOf(e.getMessage()));
    }
  }

  private static LoadResult refused(String place, String why) {
    return new LoadResult.Refused(List.of(new LoadResult.Problem(place, why)));
  }

  /// What is like after a change of all files, removals, and of everything else what concerns
  /// canaries.
  @Override
  public Optional<EventFilter> filter() {
    Watch current = watch;
    if (current == null) {
      return Optional.empty();
    }
    WatchList now = current.list();
    List<Alternative> needed = new ArrayList<>();
    needed.add(new Alternative(EventClass.FILE_CONTENT, List.of()));
    needed.add(new Alternative(EventClass.FILE_DELETE, List.of()));
    if (!now.canaries().isEmpty()) {
      needed.add(about(EventClass.FILE_MODIFY, EventField.FILE_PATH, now));
      needed.add(about(EventClass.FILE_RENAME, EventField.FILE_PATH, now));
      needed.add(about(EventClass.FILE_RENAME, EventField.OLD_FILE_PATH, now));
    }
    return Optional.of(new EventFilter(needed));
  }

  private static Alternative about(EventClass eventClass, EventField field, WatchList list) {
    return new Alternative(
        eventClass,
        List.of(
            new Condition(
                field,
                list.canaries().stream()
                    .sorted()
                    .map(path -> new SoughtText(Place.WHOLE, path))
                    .toList())));
  }

  /// Never asked: it wants to judge nothing.
  @Override
  public Judgement judge(FileEvent event) {
    return Judgement.abstain("judges no files");
  }

  @Override
  public void observe(HostEvents events) {
    Watch current = watch;
    if (current == null) {
      return;
    }
    for (int i = 0; i < events.all().size(); i++) {
      int index = i;
      current.look(events.all().get(i)).ifPresent(found -> events.report(index, found));
    }
  }
}
