package redoubt.engine.kit;

import java.util.List;
import redoubt.core.model.Finding.Reason;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.AgentMessage.Activity;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;

/// What has happened on the host, oldest first, and the way to say what it means. Valid until
/// [Engine#observe] returns; for one thread.
public final class HostEvents {
  private final Activity activity;
  private final Outbox outbox;

  HostEvents(Activity activity, Outbox outbox) {
    this.activity = activity;
    this.outbox = outbox;
  }

  /// The events, at least one.
  public List<HostEvent> all() {
    return activity.events();
  }

  /// How many events were left out before these, because the engine was too slow.
  public long lost() {
    return activity.lost();
  }

  /// Reports something found in one of the events.
  ///
  /// @param index of the event in [#all]
  public void report(int index, HostFinding finding) {
    if (index < 0 || index >= activity.events().size()) {
      throw new IndexOutOfBoundsException("no such event: index=" + index);
    }
    outbox.send(
        new EngineMessage.Report(
            0,
            WireText.cut(finding.rule(), WireLimits.NAME_CHARS),
            WireText.cut(finding.title(), WireLimits.NAME_CHARS),
            finding.level(),
            finding.techniques().stream()
                .filter(technique -> !technique.isEmpty())
                .limit(WireLimits.TECHNIQUES)
                .map(technique -> WireText.cut(technique, WireLimits.TECHNIQUE_CHARS))
                .toList(),
            finding.reasons().stream().limit(WireLimits.REASONS).map(HostEvents::cut).toList(),
            activity.firstId() + index,
            finding.wishes(),
            finding.generations()));
  }

  private static Reason cut(Reason reason) {
    return new Reason(
        WireText.cut(reason.field(), WireLimits.NAME_CHARS),
        WireText.cut(reason.value(), WireLimits.REASON_CHARS));
  }
}
