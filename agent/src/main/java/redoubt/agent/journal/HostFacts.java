package redoubt.agent.journal;

/// What every record says about the host and the agent that wrote it; fixed for one run.
///
/// @param hostname the host's name, at most 255 characters
/// @param bootId the kernel's boot id (`/proc/sys/kernel/random/boot_id`), at most 64 characters
/// @param kernelRelease the kernel's release as `uname -r` shows it, at most 128 characters
/// @param agentVersion the agent's version, at most 64 characters
/// @param startedMillis when this run of the agent began, milliseconds since the epoch; together
///   with the boot id it makes the ids of this run's records unique
public record HostFacts(
    String hostname, String bootId, String kernelRelease, String agentVersion, long startedMillis) {
  public HostFacts {
    requireAtMost("hostname", hostname, 255);
    requireAtMost("bootId", bootId, 64);
    requireAtMost("kernelRelease", kernelRelease, 128);
    requireAtMost("agentVersion", agentVersion, 64);
  }

  private static void requireAtMost(String field, String text, int maxChars) {
    if (text.length() > maxChars) {
      throw new IllegalArgumentException(
          "host fact too long: field=" + field + " chars=" + text.length() + " max=" + maxChars);
    }
  }
}
