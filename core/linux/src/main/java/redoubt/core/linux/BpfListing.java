package redoubt.core.linux;

import java.util.List;

/// What a look at one kind of eBPF objects found. That the kernel refuses is an answer.
///
/// @param entries what was found, immutable
/// @param error 0, or the positive [Errno] value that ended the look: EPERM without the capability,
///   ENOSYS or EINVAL where the kernel does not offer it
/// @param cut whether there was more than the caller wanted
public record BpfListing<T>(List<T> entries, int error, boolean cut) {
  public BpfListing {
    entries = List.copyOf(entries);
  }

  /// A look that found nothing and was refused nothing.
  public static <T> BpfListing<T> empty() {
    return new BpfListing<>(List.of(), 0, false);
  }
}
