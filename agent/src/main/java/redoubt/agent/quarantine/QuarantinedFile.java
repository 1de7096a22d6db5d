package redoubt.agent.quarantine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.FileStatus;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// A file in the vault, or on its way in or out. Immutable.
///
/// @param id its number in this vault, from 1, never given twice
/// @param state where it is
/// @param copied whether the vault has a copy, since the file was on another file system
/// @param path where it was: absolute, the bytes of it
/// @param sha256 its digest, or null if nobody has taken it
/// @param bytes how much room it takes
/// @param inode the number of the file at that path
/// @param birthNanos when that was made, nanoseconds since the epoch; 0 if its file system does not
///   say
/// @param otherNames how many other names it had
/// @param properties what else there is to it
/// @param aside a name that nobody guesses, for what is on its way
/// @param target where it is going back to, empty unless it is
/// @param arriving the copy that is given back, [Arrival#NONE] while there is none
/// @param cause why it was put away
public record QuarantinedFile(
    long id,
    State state,
    boolean copied,
    Octets path,
    @Nullable Sha256 sha256,
    long bytes,
    long inode,
    long birthNanos,
    int otherNames,
    FileProperties properties,
    String aside,
    Octets target,
    Arrival arriving,
    QuarantineCause cause) {
  /// Where a file is.
  public enum State {
    /// On its way in: at its old place or in the vault.
    TAKING,
    /// In the vault.
    HELD,
    /// In the vault, though it is another file than was meant: it was exchanged at the last moment,
    /// and its folder is no more. It has its own rights, since the host may live on it.
    STRANDED,
    /// On its way back: in the vault or at its place.
    RESTORING,
    /// On its way to its end.
    DELETING
  }

  /// A copy on its way back.
  ///
  /// @param inode its number on the file system of its target
  /// @param birthNanos when it was made, nanoseconds since the epoch; 0 if its file system does not
  ///   say
  public record Arrival(long inode, long birthNanos) {
    static final Arrival NONE = new Arrival(0, 0);
  }

  static final Octets NOWHERE = Octets.of(new byte[0]);

  /// Where it was, for people: what is no text is shown as U+FFFD.
  public String pathText() {
    return text(path);
  }

  static String text(Octets path) {
    return new String(path.toArray(), StandardCharsets.UTF_8);
  }

  QuarantinedFile with(State next) {
    return with(next, NOWHERE);
  }

  QuarantinedFile with(State next, Octets where) {
    return changed(next, copied, sha256, bytes, properties, where, Arrival.NONE);
  }

  /// The same, of which the vault has a copy.
  ///
  /// @param room how many bytes that takes
  QuarantinedFile asCopy(Sha256 digest, long room, FileProperties all) {
    return changed(state, true, digest, room, all, target, arriving);
  }

  /// The same with its digest.
  QuarantinedFile withDigest(Sha256 digest) {
    return changed(state, copied, digest, bytes, properties, target, arriving);
  }

  /// The same, of which a copy is about to be at its target.
  QuarantinedFile arrivingAs(FileStatus copy) {
    Arrival arrival = new Arrival(copy.inode(), copy.birthNanos());
    return changed(state, copied, sha256, bytes, properties, target, arrival);
  }

  /// What it was, where and why stays for as long as it is here.
  private QuarantinedFile changed(
      State next,
      boolean isCopy,
      @Nullable Sha256 digest,
      long room,
      FileProperties all,
      Octets where,
      Arrival arrival) {
    return new QuarantinedFile(
        id,
        next,
        isCopy,
        path,
        digest,
        room,
        inode,
        birthNanos,
        otherNames,
        all,
        aside,
        where,
        arrival,
        cause);
  }

  /// What was found in the vault in place of this one, and stays there.
  QuarantinedFile stranded(FileStatus found) {
    return new QuarantinedFile(
        id,
        State.STRANDED,
        false,
        path,
        null,
        found.allocatedBytes(),
        found.inode(),
        found.birthNanos(),
        Math.max(0, found.linkCount() - 1),
        FileProperties.of(found, FileProperties.NO_FLAGS),
        aside,
        NOWHERE,
        Arrival.NONE,
        cause);
  }

  /// Whether a file is the one that was at the path. By its number and birth: the number of its
  /// device may be another after a restart.
  boolean isSame(FileStatus status) {
    return status.inode() == inode && status.birthNanos() == birthNanos;
  }

  /// Whether a file is the copy that was made for the target of this one.
  boolean isArrival(FileStatus status) {
    return !arriving.equals(Arrival.NONE)
        && arriving.equals(new Arrival(status.inode(), status.birthNanos()));
  }

  /// The name of the file itself, moved into the vault.
  byte[] movedName() {
    return name(".moved");
  }

  /// The name of a whole copy.
  byte[] copiedName() {
    return name(".copied");
  }

  /// The name of a copy that may not be whole.
  byte[] copyingName() {
    return name(".copying");
  }

  /// The name of what the vault holds.
  byte[] heldName() {
    return copied ? copiedName() : movedName();
  }

  byte[] asideName() {
    return aside.getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] name(String ending) {
    return (id + ending).getBytes(StandardCharsets.US_ASCII);
  }

  /// The folder of an absolute path.
  static byte[] folderOf(Octets path) {
    byte[] bytes = path.toArray();
    return Arrays.copyOf(bytes, Math.max(1, lastSlash(bytes)));
  }

  /// The last part of a path.
  static byte[] nameOf(Octets path) {
    byte[] bytes = path.toArray();
    return Arrays.copyOfRange(bytes, lastSlash(bytes) + 1, bytes.length);
  }

  private static int lastSlash(byte[] path) {
    int at = path.length - 1;
    while (at >= 0 && path[at] != '/') {
      at--;
    }
    return at;
  }
}
