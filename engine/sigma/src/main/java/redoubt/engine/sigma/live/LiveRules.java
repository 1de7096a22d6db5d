package redoubt.engine.sigma.live;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventFilter;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Sha256;
import redoubt.engine.sigma.Detection;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;

/// Rules that run on events of the host, each event in the words of rules. Not thread-safe.
public final class LiveRules {
  private static final String SCHEMA =
      "redoubt sigma rules 2: a ZIP archive of YAML files, before them .redoubt/values.yml and"
          + " .redoubt/pipelines/";

  private final Detector detector;
  private final HostEventReader reader;
  private final Event event;
  private final WriteEchoes echoes = new WriteEchoes();

  /// Nothing has happened yet.
  public LiveRules(Detector detector) {
    this.detector = detector;
    reader = new HostEventReader(detector.fields(), detector.looksEverywhere());
    event = new Event(detector.fields());
  }

  /// The hash of the schema that this engine's content is written in.
  public static String schemaHash() {
    return Sha256.ofText(SCHEMA).toString();
  }

  /// Of which kind the events of each class are for rules; they are run on no others.
  public static Map<redoubt.core.model.EventClass, EventClass> kinds() {
    return HostEventReader.KINDS;
  }

  /// Which events the rules need.
  EventFilter filter() {
    return reader.filter(detector.rules());
  }

  /// Reports what the rules find in an event.
  public void detect(HostEvent happened, Consumer<Detection> found) {
    event.clear();
    EventClass kind = reader.read(happened, event);
    if (kind != null && !echoes.repeats(happened)) {
      detector.detect(event, kind, found);
    }
  }

  /// The event as rules see it, without running any; null if they do not see it.
  ///
  /// @return valid until the next event
  public @Nullable Event read(HostEvent happened) {
    event.clear();
    return reader.read(happened, event) == null ? null : event;
  }
}
