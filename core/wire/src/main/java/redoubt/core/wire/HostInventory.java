package redoubt.core.wire;

/// What a server should know of a machine, as the machine says. Immutable.
///
/// @param hostName what it is called
/// @param system such as `Debian GNU/Linux 12 (bookworm)`
/// @param kernel its version
/// @param machine the instruction set, such as `x86_64`
/// @param model maker and model, as the firmware has them; may be empty
/// @param processors how many there are
/// @param memoryMiB how much memory there is
/// @param agentVersion the release of Redoubt that runs
public record HostInventory(
    String hostName,
    String system,
    String kernel,
    String machine,
    String model,
    int processors,
    int memoryMiB,
    String agentVersion) {
  /// The longest text of it, in characters.
  public static final int TEXT_CHARS = 128;
}
