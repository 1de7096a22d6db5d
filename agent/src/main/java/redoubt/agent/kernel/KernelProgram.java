package redoubt.agent.kernel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An eBPF program in the kernel. Its name is what whoever loaded it chose.
///
/// @param id its number, not used again in this boot
/// @param type what it may do, such as `xdp`; a number if that is newer than this code
/// @param name what it is called, often empty
/// @param tag 16 hexadecimal digits, the same for the same instructions
/// @param loaded when it was loaded, by the wall clock of today; empty if the clock cannot be had
/// @param uid who loaded it
/// @param user the name of that user, empty if this host has none
/// @param maps how many maps it uses
/// @param holders the processes that have it open, or a link of it
/// @param links the kinds of its links: by what it is attached
/// @param pins its names in BPF file systems
public record KernelProgram(
    int id,
    String type,
    String name,
    String tag,
    Optional<Instant> loaded,
    int uid,
    String user,
    int maps,
    List<Holder> holders,
    List<String> links,
    List<String> pins) {
  /// A process that holds a program.
  ///
  /// @param pid the process
  /// @param comm its short name, which it chose
  /// @param executable the path of what it runs, empty if it is not known
  /// @param packageName the package that brought that, empty if none did or it is not known
  public record Holder(int pid, String comm, String executable, String packageName) {}

  public KernelProgram {
    holders = List.copyOf(holders);
    links = List.copyOf(links);
    pins = List.copyOf(pins);
  }
}
