package redoubt.fleet.rollout;

import java.util.List;

/// Which maintenance windows are open, found out once for each moment.
final class OpenHours {
  private final List<MaintenanceWindow> windows;
  private final boolean[] open;
  private long lookedAt = Long.MIN_VALUE;

  OpenHours(List<MaintenanceWindow> windows) {
    this.windows = List.copyOf(windows);
    this.open = new boolean[windows.size()];
  }

  /// Whether one is open; an unknown one is not, and -1, for none, always is.
  boolean isOpen(int window, long epochSeconds) {
    if (window < 0) {
      return true;
    }
    if (lookedAt != epochSeconds) {
      lookedAt = epochSeconds;
      for (int i = 0; i < open.length; i++) {
        open[i] = windows.get(i).isOpen(epochSeconds);
      }
    }
    return window < open.length && open[window];
  }
}
