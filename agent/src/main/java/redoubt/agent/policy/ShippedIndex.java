package redoubt.agent.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Every file that packages brought to this host, by its path: one immutable snapshot, 40 bytes for
/// each file. Safe for use by several threads.
///
/// Of a path only a hash of 64 bits is kept. Two paths with one hash would have to be met by one
/// content as well to be taken for each other.
final class ShippedIndex {
  /// The most files; those beyond are left out, and so count as of no package.
  static final int MOST_FILES = 400_000;

  private static final int FREE = -1;

  /// Half of what packages bring, and nothing that is ever executed or interpreted.
  private static final List<String> NEVER_RUN =
      List.of(
          "/usr/share/man/",
          "/usr/share/locale/",
          "/usr/share/icons/",
          "/usr/share/zoneinfo/",
          "/usr/share/info/",
          "/usr/share/fonts/",
          "/usr/include/");

  private final long[] paths;
  private final long[] digests;
  private final int[] owners;
  private final int size;
  private final int[] slots;
  private final List<String> packages;
  private final long stamp;

  private ShippedIndex(Builder builder, long stamp) {
    // Not cut to size: while it is read anew there are two of it, and the heap is small.
    this.paths = builder.paths;
    this.digests = builder.digests;
    this.owners = builder.owners;
    this.size = builder.size;
    this.packages = List.copyOf(builder.packages);
    this.stamp = stamp;
    this.slots = new int[Integer.highestOneBit(Math.max(1, builder.size)) * 4];
    Arrays.fill(slots, FREE);
    for (int entry = 0; entry < size; entry++) {
      int slot = slotOf(paths[entry]);
      while (slots[slot] != FREE) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = entry;
    }
  }

  static ShippedIndex empty() {
    return new Builder().build(0);
  }

  /// What packages say of a path; several where one file stands in for that of another package.
  List<ShippedFile> find(String path) {
    List<ShippedFile> found = new ArrayList<>(1);
    addTo(found, path);
    if (path.startsWith("/usr/")) {
      // Packages of before the merge of /usr spell it without.
      addTo(found, path.substring("/usr".length()));
    }
    return found;
  }

  private void addTo(List<ShippedFile> found, String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    long wanted = hash(bytes, 0, bytes.length);
    for (int slot = slotOf(wanted); slots[slot] != FREE; slot = (slot + 1) & (slots.length - 1)) {
      int entry = slots[slot];
      if (paths[entry] == wanted) {
        found.add(entry(entry));
      }
    }
  }

  private ShippedFile entry(int entry) {
    int owner = owners[entry] >>> ShippedFile.Algorithm.BITS;
    int algorithm = owners[entry] & ((1 << ShippedFile.Algorithm.BITS) - 1);
    return new ShippedFile(
        packages.get(owner),
        ShippedFile.Algorithm.ofNumber(algorithm),
        digests[2 * entry],
        digests[2 * entry + 1]);
  }

  /// How many files.
  int size() {
    return size;
  }

  /// The database's stamp from before it was read.
  long stamp() {
    return stamp;
  }

  private int slotOf(long hash) {
    return (int) (hash >>> 32) & (slots.length - 1);
  }

  /// FNV-1a, and mixed, because its upper bits hardly depend on the last bytes.
  private static long hash(byte[] bytes, int from, int to) {
    long hash = 0xcbf29ce484222325L;
    for (int i = from; i < to; i++) {
      hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 31)) * 0x9E3779B97F4A7C15L;
    return hash ^ (hash >>> 29);
  }

  /// Collects files. For one thread, for one [#build].
  static final class Builder {
    private final List<String> packages = new ArrayList<>();
    private long[] paths = new long[1024];
    private long[] digests = new long[2048];
    private int[] owners = new int[1024];
    private int size;

    /// Adds a file of a package; those of one package come one after the other.
    ///
    /// @param path the path, absolute
    void add(ShippedFile file, String path) {
      if (size == MOST_FILES || NEVER_RUN.stream().anyMatch(path::startsWith)) {
        return;
      }
      if (packages.isEmpty() || !packages.getLast().equals(file.packageName())) {
        packages.add(file.packageName());
      }
      if (size == paths.length) {
        int more = size + size / 4;
        paths = Arrays.copyOf(paths, more);
        digests = Arrays.copyOf(digests, 2 * more);
        owners = Arrays.copyOf(owners, more);
      }
      byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
      paths[size] = hash(bytes, 0, bytes.length);
      digests[2 * size] = file.high();
      digests[2 * size + 1] = file.low();
      owners[size] =
          ((packages.size() - 1) << ShippedFile.Algorithm.BITS) | file.algorithm().number();
      size++;
    }

    ShippedIndex build(long stamp) {
      return new ShippedIndex(this, stamp);
    }
  }
}
