package redoubt.fleet.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which maintenance windows are open, found out once for each moment.
final class OpenHours {
  private final List<Optional<MaintenanceWindow>> windows;
  private boolean[] open;
  private long lookedAt = Long.MIN_VALUE;

  OpenHours(List<MaintenanceWindow> windows) {
    this.windows = new ArrayList<>(windows.stream().map(Optional::of).toList());
    this.open = new boolean[windows.size()];
  }

  /// Says what a number means from now on.
  void set(int number, MaintenanceWindow window) {
    while (windows.size() <= number) {
      windows.add(Optional.empty());
    }
    windows.set(number, Optional.of(window));
    open = new boolean[windows.size()];
    lookedAt = Long.MIN_VALUE;
  }

  /// Whether one is open; an unknown one is not, and -1, for none, always is.
  boolean isOpen(int window, long epochSeconds) {
    if (window < 0) {
      return true;
    }
    if (lookedAt != epochSeconds) {
      lookedAt = epochSeconds;
      for (int i = 0; i < open.length; i++) {
        open[i] = windows.get(i).filter(each -> each.isOpen(epochSeconds)).isPresent();
      }
    }
    return window < open.length && open[window];
  }
}
