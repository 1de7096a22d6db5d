package redoubt.engine.sigma.vectors;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.HostEvent;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.live.LiveRules;

/// Looks at events as rules see them, and runs tests on them as the reference does. Not
/// thread-safe.
final class Prober {
  private final LiveRules reader;
  private final FieldTable fields;

  Prober(Detector detector) {
    reader = new LiveRules(detector);
    fields = detector.fields();
  }

  /// Which of the tests an event passes; null if rules do not see the event.
  @Nullable BitSet passing(HostEvent event, List<Reference> tests) {
    Event read = reader.read(event);
    if (read == null) {
      return null;
    }
    Values values = new Values(read);
    BitSet passing = new BitSet();
    for (int i = 0; i < tests.size(); i++) {
      passing.set(i, tests.get(i).passes(values));
    }
    return passing;
  }

  /// The first value of a field; null if there is none.
  @Nullable String find(HostEvent event, String field) {
    Event read = reader.read(event);
    return read == null ? null : read.find(fields.find(field));
  }

  private final class Values implements Reference.Values {
    private final Event event;

    Values(Event event) {
      this.event = event;
    }

    @Override
    public List<String> of(String field) {
      int slot = fields.find(field);
      List<String> values = new ArrayList<>();
      if (slot != FieldTable.UNKNOWN) {
        for (int at = event.first(slot); at != Event.NONE; at = event.next(at)) {
          values.add(event.string(at));
        }
      }
      return values;
    }

    @Override
    public List<String> all() {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < event.count(); i++) {
        values.add(event.string(i));
      }
      return values;
    }
  }
}
