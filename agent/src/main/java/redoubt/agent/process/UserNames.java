package redoubt.agent.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import redoubt.agent.health.TimeSource;

/// The names of this host's own users, from its account file. Users of a directory service have
/// none here: to ask for them could mean to wait for the network.
///
/// Thread-safe; may wait for the disk.
public final class UserNames {
  private static final long LOOK_EVERY_NANOS = 5_000_000_000L;
  private static final long MOST_BYTES = 16 << 20;
  private static final int UID_FIELD = 2;

  private final Path accounts;
  private final TimeSource time;
  private Map<Integer, String> names = Map.of();
  private FileTime read = FileTime.fromMillis(0);
  private long lookedNanos;
  private boolean looked;

  /// @param accounts a file in the form of `passwd(5)`
  public UserNames(Path accounts, TimeSource time) {
    this.accounts = accounts;
    this.time = time;
  }

  /// The user's name, empty if this host has no account of that number.
  public synchronized String of(int uid) {
    long now = time.nanos();
    if (!looked || now - lookedNanos > LOOK_EVERY_NANOS) {
      looked = true;
      lookedNanos = now;
      refresh();
    }
    return names.getOrDefault(uid, "");
  }

  private void refresh() {
    try {
      FileTime changed = Files.getLastModifiedTime(accounts);
      if (!changed.equals(read) && Files.size(accounts) <= MOST_BYTES) {
        names = parse(Files.readAllBytes(accounts));
        read = changed;
      }
    } catch (IOException _) {
      // While it is being replaced, what was read before holds.
    }
  }

  /// Of several accounts with one number the first counts, as for the system.
  private static Map<Integer, String> parse(byte[] content) {
    Map<Integer, String> names = new HashMap<>();
    for (String line : new String(content, StandardCharsets.UTF_8).split("\n", -1)) {
      String[] fields = line.split(":", UID_FIELD + 2);
      if (fields.length > UID_FIELD && !fields[0].isEmpty()) {
        try {
          names.putIfAbsent(Integer.parseUnsignedInt(fields[UID_FIELD]), fields[0]);
        } catch (NumberFormatException _) {
          // Not an account.
        }
      }
    }
    return names;
  }
}
