package redoubt.agent.sensor;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Credentials;

/// What processes had before changes that the kernel has yet to tell of.
///
/// Whoever reads a process a little late reads rights that it was given since. Compared with those,
/// the change that is told next would be none. So what was known before stays here, until all that
/// was read early has been told. Used by one thread.
final class EarlyCredentials {
  private static final int MOST = 1_024;

  private final Map<Integer, Credentials> before =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Credentials> eldest) {
          return size() > MOST;
        }
      };

  /// A process was read.
  ///
  /// @param known what is known of it from what the kernel told so far
  void read(int pid, Credentials known, Credentials now) {
    if (known.equals(now) || known.equals(Credentials.UNKNOWN)) {
      before.remove(pid);
    } else {
      before.put(pid, known);
    }
  }

  /// What a process has after all that the kernel told of it so far; null if that is what was read.
  @Nullable Credentials of(int pid) {
    return before.get(pid);
  }

  /// The kernel told of a change.
  ///
  /// @param told what the process has after it
  /// @param read what was read of the process
  void changed(int pid, Credentials told, Credentials read) {
    if (told.equals(read)) {
      before.remove(pid);
    } else {
      before.replace(pid, told);
    }
  }

  /// A process ended, or another has its number.
  void forget(int pid) {
    before.remove(pid);
  }
}
