package redoubt.agent.sensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.Uevent;
import redoubt.core.linux.UeventSocket;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;

/// Hears of devices and of modules of the kernel as they come and go. What the kernel could not
/// pass on is found by looking at what is there.
///
/// One thread reads; [#close] may be called by any.
public final class DeviceSensor extends SystemSensor {
  private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
  private static final String MODULE = "/module/";
  private static final String ADD = "add";
  private static final String REMOVE = "remove";

  private final UeventSocket socket;
  private final Path sys;
  private final DeviceTable devices;
  private final UnaryOperator<String> modulePath;
  private final LossCount losses;

  private DeviceSensor(
      UeventSocket socket,
      Path sys,
      UnaryOperator<String> modulePath,
      HostEventSink sink,
      Counters counters,
      TimeSource time) {
    super(sink, counters, time);
    this.socket = socket;
    this.sys = sys;
    this.modulePath = modulePath;
    devices = new DeviceTable(sys);
    losses = new LossCount(counters, Counter.DEVICE_EVENTS_LOST);
  }

  /// Begins to hear.
  ///
  /// @param modulePath gives the file in which a module of that name lies, empty if it is not known
  /// @throws redoubt.core.linux.LinuxException if the kernel refuses
  public static DeviceSensor start(
      UnaryOperator<String> modulePath, HostEventSink sink, Counters counters, TimeSource time) {
    DeviceSensor sensor =
        new DeviceSensor(
            UeventSocket.open(RECEIVE_BUFFER_BYTES),
            Path.of("/sys"),
            modulePath,
            sink,
            counters,
            time);
    Thread.ofPlatform().name("device-sensor").daemon().start(sensor::run);
    return sensor;
  }

  private void run() {
    try (socket) {
      devices.look().forEach(path -> devices.add(devices.asConnected(path)));
      hear();
    }
  }

  @Override
  boolean await(int timeoutMillis) {
    return socket.await(timeoutMillis);
  }

  @Override
  List<HostEvent> read() {
    List<HostEvent> events = new ArrayList<>();
    Uevent event = socket.receive();
    while (event != null) {
      heard(event, events);
      event = socket.receive();
    }
    if (losses.grewTo(socket.overruns())) {
      lookAgain(events);
    }
    return events;
  }

  private void heard(Uevent event, List<HostEvent> events) {
    boolean came = event.action().equals(ADD);
    if (!came && !event.action().equals(REMOVE)) {
      return;
    }
    if (event.value("SUBSYSTEM").equals("module")) {
      events.add(module(event, came));
    } else if (!came) {
      events.add(
          new HostEvent.DeviceChange(EventClass.DEVICE_DISCONNECT, now(), devices.remove(event)));
    } else if (!devices.knows(event.path())) {
      // The kernel says it again whenever somebody asks it to, as boot scripts do.
      events.add(new HostEvent.DeviceChange(EventClass.DEVICE_CONNECT, now(), devices.add(event)));
    }
  }

  private HostEvent module(Uevent event, boolean came) {
    String name =
        WireText.cut(
            event.path().startsWith(MODULE)
                ? event.path().substring(MODULE.length())
                : event.path(),
            WireLimits.NAME_CHARS);
    return new HostEvent.ModuleChange(
        came ? EventClass.MODULE_LOAD : EventClass.MODULE_UNLOAD,
        now(),
        name,
        WireText.cutPath(modulePath.apply(name)),
        came ? taintOf(name) : "");
  }

  private String taintOf(String module) {
    try {
      return WireText.cut(
          KernelFile.read(sys + MODULE + module + "/taint").strip(), WireLimits.NAME_CHARS);
    } catch (IOException _) {
      return ""; // gone again
    }
  }

  /// Tells of devices that came and went unheard.
  private void lookAgain(List<HostEvent> events) {
    Set<String> there = devices.look();
    for (String path : devices.paths()) {
      if (!there.contains(path)) {
        heard(new Uevent(REMOVE, path, Map.of()), events);
      }
    }
    for (String path : there) {
      heard(devices.asConnected(path), events);
    }
  }
}
