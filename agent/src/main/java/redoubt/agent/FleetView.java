package redoubt.agent;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import redoubt.agent.fleet.HostView;
import redoubt.agent.health.Counter;
import redoubt.agent.journal.HostFacts;
import redoubt.core.linux.KernelFile;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.EngineReport;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;

/// What a fleet's server is told of this host: read from the kernel and from the agent's counters.
/// Stateless.
final class FleetView {
  private static final String OS_RELEASE = "/etc/os-release";
  private static final String PRETTY_NAME = "PRETTY_NAME=";
  private static final String DMI = "/sys/class/dmi/id/";
  private static final int KIB_PER_MIB = 1024;

  private FleetView() {}

  /// @param facts of this run of the agent
  static HostView of(Agent agent, HostFacts facts) {
    long began = System.nanoTime();
    return new HostView(
        () -> inventory(facts),
        facts.bootId(),
        () -> heartbeat(agent),
        () -> engines(agent, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)));
  }

  private static HostMessage.Engines engines(Agent agent, long seconds) {
    return new HostMessage.Engines(
        seconds, agent.engines().status().stream().map(FleetView::report).toList());
  }

  private static EngineReport report(ControlReply.Engine engine) {
    return new EngineReport(
        engine.id(),
        engine.vendor(),
        engine.engineVersion(),
        engine.asked(),
        engine.denied(),
        engine.missed(),
        engine.found(),
        engine.restarts(),
        engine.costs().cpuMicros(),
        engine.costs().residentBytes(),
        engine.latencyP50Micros(),
        engine.latencyP99Micros());
  }

  private static HostMessage.Heartbeat heartbeat(Agent agent) {
    Map<String, Long> counters = agent.counters().snapshot();
    return new HostMessage.Heartbeat(
        HostMessage.State.valueOf(new Control(agent).state().toUpperCase(Locale.ROOT)),
        count(counters, Counter.EVENTS_READ),
        count(counters, Counter.DENIED),
        count(counters, Counter.MISS_POLICY),
        count(counters, Counter.ENGINE_EXITS),
        0,
        0);
  }

  private static long count(Map<String, Long> counters, Counter counter) {
    return counters.getOrDefault(counter.metric(), 0L);
  }

  private static HostInventory inventory(HostFacts facts) {
    return new HostInventory(
        fitting(facts.hostname()),
        fitting(system()),
        fitting(facts.kernelRelease()),
        fitting(machine()),
        fitting((firmware("sys_vendor") + " " + firmware("product_name")).strip()),
        Runtime.getRuntime().availableProcessors(),
        memoryMiB(),
        fitting(facts.agentVersion()));
  }

  private static String fitting(String text) {
    return text.substring(0, Math.min(HostInventory.TEXT_CHARS, text.length()));
  }

  /// As `uname -m` has it; kernels before 6.1 do not say it there.
  private static String machine() {
    try {
      return KernelFile.read("/proc/sys/kernel/arch").strip();
    } catch (IOException _) {
      return System.getProperty("os.arch", "");
    }
  }

  /// What the distribution calls itself (os-release(5)).
  private static String system() {
    try {
      return KernelFile.read(OS_RELEASE)
          .lines()
          .filter(line -> line.startsWith(PRETTY_NAME))
          .map(line -> line.substring(PRETTY_NAME.length()).replaceAll("^[\"']|[\"']$", ""))
          .findFirst()
          .orElse("Linux");
    } catch (IOException _) {
      return "Linux";
    }
  }

  private static String firmware(String name) {
    try {
      return KernelFile.read(DMI + name).strip();
    } catch (IOException _) {
      return ""; // A container, or a machine without such firmware.
    }
  }

  private static int memoryMiB() {
    try {
      return KernelFile.read("/proc/meminfo")
          .lines()
          .filter(line -> line.startsWith("MemTotal:"))
          .mapToInt(line -> (int) (Long.parseLong(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB))
          .findFirst()
          .orElse(0);
    } catch (IOException _) {
      return 0;
    }
  }
}
