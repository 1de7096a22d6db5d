package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A directory that is held open, so that nobody can exchange the way to it, and what is done to
/// the names in it. Names are bytes, as the kernel has them, without a slash and without a NUL.
///
/// Calls return negative [Errno] values. Any thread may call; [#close()] once.
public final class DirectoryHandle implements AutoCloseable {
  // linux/openat2.h
  static final int HOW_BYTES = 24;
  static final int HOW_FLAGS = 0;
  static final int HOW_RESOLVE = 16;
  static final long RESOLVE_NO_MAGICLINKS = 0x02;
  static final long RESOLVE_NO_SYMLINKS = 0x04;

  private static final int O_WRONLY = 1;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  private static final int O_NOCTTY = 0x100;
  private static final int O_NONBLOCK = 0x800;

  // linux/fs.h
  static final int RENAME_NOREPLACE = 1;

  private final OwnedDescriptor descriptor;

  private DirectoryHandle(int descriptor) {
    this.descriptor = new OwnedDescriptor(descriptor);
  }

  /// Opens a directory by a path on which no part is a symbolic link: who can write on the way to
  /// it leads nobody elsewhere.
  ///
  /// @param path its bytes
  /// @throws LinuxException ENOENT if there is none, ELOOP if a part is a link, ENOTDIR if it is
  ///   something else
  public static DirectoryHandle open(byte[] path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment how = arena.allocate(HOW_BYTES, Long.BYTES);
      how.set(JAVA_LONG, HOW_FLAGS, Descriptors.O_CLOEXEC | Architecture.CURRENT.openDirectory);
      how.set(JAVA_LONG, HOW_RESOLVE, RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
      return new DirectoryHandle(
          SystemCall.OPENAT2.require(
              SystemCall.OPENAT2.call(
                  Descriptors.AT_FDCWD, name(arena, path).address(), how.address(), HOW_BYTES),
              "a directory"));
    }
  }

  /// Opens what has a name here for reading, whatever it is: follows no link, waits for nobody.
  ///
  /// @return a descriptor or a negative [Errno] value
  public int openFile(byte[] name) {
    return openAt(name, O_NONBLOCK | O_NOCTTY | Architecture.CURRENT.openNoFollow, 0);
  }

  /// Opens the place of a name, not what is there: whoever watches opens does not see it.
  ///
  /// @return a descriptor (`O_PATH`) or a negative [Errno] value
  public int openPlace(byte[] name) {
    return openAt(name, Descriptors.O_PATH | Architecture.CURRENT.openNoFollow, 0);
  }

  /// Makes a regular file with no rights for anybody, open for writing.
  ///
  /// @return a descriptor or a negative [Errno] value, EEXIST if the name is taken
  public int createFile(byte[] name) {
    return openAt(name, O_WRONLY | O_CREAT | O_EXCL, 0);
  }

  private int openAt(byte[] name, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      return SystemCall.OPENAT.call(
          descriptor.number(),
          name(arena, name).address(),
          flags | Descriptors.O_CLOEXEC | Architecture.CURRENT.openLargeFile,
          mode);
    }
  }

  /// Gives a file a name elsewhere in place of the one here, in one step, if the new name is free.
  /// Nothing is ever overwritten, whoever makes a file of the new name at the same moment. Where
  /// the file system cannot look and rename in one step, nobody else may be able to exchange the
  /// file of the old name.
  ///
  /// @return 0 or a negative [Errno] value: EEXIST if it is taken, EXDEV if that is another file
  ///   system or mount
  public int move(byte[] name, DirectoryHandle to, byte[] newName) {
    int moved = rename(name, to, newName, RENAME_NOREPLACE);
    return moved == -Errno.EINVAL ? moveByLink(name, to, newName) : moved;
  }

  /// For a file system such as NFS: a link is never made over what is there.
  int moveByLink(byte[] name, DirectoryHandle to, byte[] newName) {
    try (Arena arena = Arena.ofConfined()) {
      int linked =
          SystemCall.LINKAT.call(
              descriptor.number(),
              name(arena, name).address(),
              to.descriptor.number(),
              name(arena, newName).address(),
              0);
      return linked < 0 ? linked : remove(name);
    }
  }

  /// Takes whatever file has a name at that moment, whoever exchanges it, to a name that is free.
  /// Where the file system cannot look and rename in one step, nobody else may be able to make a
  /// file of the new name.
  ///
  /// @return as [#move]
  public int take(byte[] name, DirectoryHandle to, byte[] newName) {
    int taken = rename(name, to, newName, RENAME_NOREPLACE);
    return taken == -Errno.EINVAL ? takeByLooking(name, to, newName) : taken;
  }

  int takeByLooking(byte[] name, DirectoryHandle to, byte[] newName) {
    int there = to.openPlace(newName);
    if (there >= 0) {
      Descriptors.close(there);
      return -Errno.EEXIST;
    }
    return there == -Errno.ENOENT ? rename(name, to, newName, 0) : there;
  }

  private int rename(byte[] name, DirectoryHandle to, byte[] newName, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return SystemCall.RENAMEAT2.call(
          descriptor.number(),
          name(arena, name).address(),
          to.descriptor.number(),
          name(arena, newName).address(),
          flags);
    }
  }

  /// Takes a name away; the file ends with its last one.
  ///
  /// @return 0 or a negative [Errno] value
  public int remove(byte[] name) {
    try (Arena arena = Arena.ofConfined()) {
      return SystemCall.UNLINKAT.call(descriptor.number(), name(arena, name).address(), 0);
    }
  }

  /// Has what was done to the names here survive a power cut.
  ///
  /// @return 0 or a negative [Errno] value
  public int sync() {
    return SystemCall.FSYNC.call(descriptor.number());
  }

  private static MemorySegment name(Arena arena, byte[] bytes) {
    for (byte each : bytes) {
      if (each == 0) {
        throw new IllegalArgumentException("name with NUL: length=" + bytes.length);
      }
    }
    MemorySegment name = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, name, JAVA_BYTE, 0, bytes.length);
    return name;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
