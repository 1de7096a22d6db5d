package redoubt.agent.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The files that no engine may deny, by identity: one immutable snapshot.
///
/// A lookup allocates nothing, takes no lock and costs O(1), so the thread that answers the kernel
/// may ask. Safe for use by several threads.
///
/// A package upgrade gives a file a new inode and frees the old number for anybody's file. Two
/// things keep the freed number from staying protected: the birth time is part of an identity, and
/// [ProtectedSetSource#rescanIfChanged] replaces the snapshot when the package database changes.
/// The change time is no part of it: a link or a chmod by root changes it, and must not take the
/// protection away.
public final class ProtectedSet {
  private static final int WORDS = 3;
  private static final int MIN_SLOTS = 16;
  private static final long NO_INODE = 0;

  private final long[] table;
  private final int mask;
  private final int size;
  private final String source;
  private final List<String> refused;
  private final long stamp;

  private ProtectedSet(Builder builder) {
    this.table = builder.table;
    this.mask = builder.mask;
    this.size = builder.size;
    this.source = builder.source;
    this.refused = List.copyOf(builder.refused);
    this.stamp = builder.stamp;
  }

  /// Returns a set that protects nothing.
  public static ProtectedSet empty() {
    return new Builder(0).build("nothing", List.of(), 0);
  }

  /// Whether the file is protected.
  ///
  /// @param device major number in the upper 32 bits, minor in the lower
  /// @param inode the inode number
  /// @param birthNanos the birth time, nanoseconds since the epoch; 0 where the file system keeps
  ///   none, and then device and inode decide alone
  public boolean contains(long device, long inode, long birthNanos) {
    int slot = slotOf(table, mask, device, inode);
    return table[slot + 1] != NO_INODE && (birthNanos == 0 || table[slot + 2] == birthNanos);
  }

  /// Whether a protected file had this number when the snapshot was made, whatever its birth time.
  public boolean contains(long device, long inode) {
    return contains(device, inode, 0);
  }

  /// Whether the file that a path leads to is protected; not if it cannot be reached.
  public boolean contains(Path path) {
    try {
      FileFacts facts = FileFacts.ofTarget(path);
      return contains(facts.device(), facts.inode(), facts.birthNanos());
    } catch (IOException _) {
      return false;
    }
  }

  /// How many files are protected.
  public int size() {
    return size;
  }

  /// Where the files come from, for people, such as `dpkg (118 packages)`.
  public String source() {
    return source;
  }

  /// Why files that should be protected are not, at most 64 reasons: each names a path that an
  /// unprivileged user could write.
  public List<String> refused() {
    return refused;
  }

  long stamp() {
    return stamp;
  }

  private static int slotOf(long[] table, int mask, long device, long inode) {
    int index = hash(device, inode) & mask;
    while (true) {
      int slot = index * WORDS;
      long found = table[slot + 1];
      if (found == NO_INODE || (found == inode && table[slot] == device)) {
        return slot;
      }
      index = (index + 1) & mask;
    }
  }

  private static int hash(long device, long inode) {
    long mixed = (inode ^ Long.rotateLeft(device, 23)) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }

  /// Collects identities for one snapshot. For one thread, for one [#build].
  static final class Builder {
    private long[] table;
    private int mask;
    private int size;
    private String source = "";
    private List<String> refused = List.of();
    private long stamp;

    Builder(int expected) {
      allocate(Math.max(MIN_SLOTS, Integer.highestOneBit(Math.max(1, expected)) * 4));
    }

    /// Adds an identity; a second file with the same number replaces the first.
    void add(long device, long inode, long birthNanos) {
      if (inode == NO_INODE) {
        return;
      }
      if (2 * (size + 1) > mask + 1) {
        grow();
      }
      int slot = slotOf(table, mask, device, inode);
      if (table[slot + 1] == NO_INODE) {
        size++;
      }
      table[slot] = device;
      table[slot + 1] = inode;
      table[slot + 2] = birthNanos;
    }

    int size() {
      return size;
    }

    ProtectedSet build(String fromWhere, List<String> reasons, long databaseStamp) {
      source = fromWhere;
      refused = reasons;
      stamp = databaseStamp;
      return new ProtectedSet(this);
    }

    private void grow() {
      long[] old = Arrays.copyOf(table, table.length);
      allocate(2 * (mask + 1));
      size = 0;
      for (int slot = 0; slot < old.length; slot += WORDS) {
        add(old[slot], old[slot + 1], old[slot + 2]);
      }
    }

    private void allocate(int slots) {
      table = new long[slots * WORDS];
      mask = slots - 1;
    }
  }
}
