package redoubt.agent.registry;

/// What an engine's processes may use, all of them together.
///
/// @param memoryMiB memory, 16 to 65536
/// @param processes processes and threads, 1 to 4096
/// @param openFiles descriptors of each process, 32 to 4096
/// @param cpuPercent the share of one core, 1 to 100 times the cores; 0 for no limit
/// @param scratchMiB the size of its scratch directory `/tmp`, which lives in its memory; 1 to 1024
public record EngineLimits(
    int memoryMiB, int processes, int openFiles, int cpuPercent, int scratchMiB) {
  /// What an engine has that does not say.
  public static final EngineLimits STANDARD = new EngineLimits(256, 64, 512, 0, 4);

  /// @throws IllegalArgumentException if a value is out of range
  public EngineLimits {
    requireRange("memoryMiB", memoryMiB, 16, 65_536);
    requireRange("processes", processes, 1, 4096);
    requireRange("openFiles", openFiles, 32, 4096);
    requireRange("cpuPercent", cpuPercent, 0, 100_000);
    requireRange("scratchMiB", scratchMiB, 1, 1024);
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "out of range " + least + " to " + most + ": " + name + "=" + value);
    }
  }
}
