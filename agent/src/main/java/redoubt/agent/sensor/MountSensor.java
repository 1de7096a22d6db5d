package redoubt.agent.sensor;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.core.linux.MountEntry;
import redoubt.core.linux.MountWatch;
import redoubt.core.linux.Mounts;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;

/// Hears of file systems that are attached in the agent's mount namespace, and detached: the kernel
/// says that its table has changed, and the table says what is new.
///
/// One thread reads; [#close] may be called by any.
public final class MountSensor extends SystemSensor {
  private static final String TABLE = "/proc/self/mountinfo";

  private final MountWatch watch;
  private Map<Place, MountEntry> mounts = Map.of();

  /// A mount's number is used again once it is gone.
  private record Place(int id, long device, String path) {}

  private MountSensor(MountWatch watch, HostEventSink sink, Counters counters, TimeSource time) {
    super(sink, counters, time);
    this.watch = watch;
  }

  /// Begins to hear.
  ///
  /// @throws redoubt.core.linux.LinuxException if the table cannot be watched
  public static MountSensor start(HostEventSink sink, Counters counters, TimeSource time) {
    MountSensor sensor = new MountSensor(MountWatch.open(TABLE), sink, counters, time);
    sensor.mounts = table();
    Thread.ofPlatform().name("mount-sensor").daemon().start(sensor::run);
    return sensor;
  }

  private void run() {
    try (watch) {
      hear();
    }
  }

  @Override
  boolean await(int timeoutMillis) {
    return watch.await(timeoutMillis);
  }

  @Override
  List<HostEvent> read() {
    Map<Place, MountEntry> now = table();
    List<HostEvent> events = new ArrayList<>();
    mounts.forEach((place, mount) -> {
      if (!now.containsKey(place)) {
        events.add(change(EventClass.UNMOUNT, mount));
      }
    });
    now.forEach((place, mount) -> {
      if (!mount.equals(mounts.get(place))) {
        events.add(change(EventClass.MOUNT, mount));
      }
    });
    mounts = now;
    return events;
  }

  private static Map<Place, MountEntry> table() {
    Map<Place, MountEntry> table = new LinkedHashMap<>();
    try {
      for (MountEntry each : Mounts.read(TABLE)) {
        table.put(new Place(each.id(), each.device(), each.mountPoint()), each);
      }
    } catch (UncheckedIOException _) {
      // Only if this very process were gone.
    }
    return table;
  }

  private HostEvent change(EventClass eventClass, MountEntry mount) {
    return new HostEvent.MountChange(
        eventClass,
        now(),
        WireText.cutPath(mount.mountPoint()),
        WireText.cutPath(mount.root()),
        WireText.cut(mount.type(), WireLimits.NAME_CHARS),
        WireText.cutPath(mount.source()),
        WireText.cutPath(mount.options() + "," + mount.superOptions()));
  }
}
