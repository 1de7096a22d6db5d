package redoubt.agent.updates;

import java.time.LocalDateTime;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import redoubt.core.model.EngineId;
import redoubt.core.tuf.policy.PublishedBundle;

/// The owner's word on updates of one engine's content. Immutable.
///
/// @param engine the engine
/// @param vendor whose content it follows
/// @param name which content of that vendor
/// @param channels which of the vendor's channels it takes
/// @param behind how many versions it stays behind the newest, 0 to [#MOST_BEHIND]
/// @param windows when updates may come into force; empty for always
/// @param frozen whether none may
/// @param pin the one version that may, if there is one
public record UpdatePolicy(
    EngineId engine,
    String vendor,
    String name,
    SortedSet<String> channels,
    int behind,
    List<UpdateWindow> windows,
    boolean frozen,
    OptionalLong pin) {
  /// The most versions that an engine can stay behind.
  public static final int MOST_BEHIND = 9;

  /// How many windows and channels there may be.
  public static final int MOST_PARTS = 16;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

  /// @throws IllegalArgumentException if something is out of range
  public UpdatePolicy {
    channels = new TreeSet<>(channels);
    windows = List.copyOf(windows);
    if (!NAME.matcher(vendor).matches() || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no content: vendor=" + vendor + " name=" + name);
    }
    if (channels.isEmpty()
        || channels.size() > MOST_PARTS
        || channels.contains(PublishedBundle.REVOKED)
        || !channels.stream().allMatch(PublishedBundle::isChannel)) {
      throw new IllegalArgumentException("no channels: channels=" + channels);
    }
    if (behind < 0 || behind > MOST_BEHIND) {
      throw new IllegalArgumentException(
          "out of range, 0 to " + MOST_BEHIND + ": behind=" + behind);
    }
    if (windows.size() > MOST_PARTS) {
      throw new IllegalArgumentException("too many windows: most=" + MOST_PARTS);
    }
    if (pin.isPresent() && pin.getAsLong() < 1) {
      throw new IllegalArgumentException("no version: pin=" + pin.getAsLong());
    }
  }

  @Override
  public SortedSet<String> channels() {
    return new TreeSet<>(channels);
  }

  /// Whether updates may come into force at a moment of the host's clock.
  public boolean isOpen(LocalDateTime moment) {
    return windows.isEmpty() || windows.stream().anyMatch(window -> window.contains(moment));
  }

  /// The same, frozen or not.
  public UpdatePolicy frozen(boolean now) {
    return new UpdatePolicy(engine, vendor, name, channels, behind, windows, now, pin);
  }

  /// The same, pinned to a version or to none.
  public UpdatePolicy pinned(OptionalLong version) {
    return new UpdatePolicy(engine, vendor, name, channels, behind, windows, frozen, version);
  }
}
