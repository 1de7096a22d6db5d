package redoubt.core.tuf.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import redoubt.core.disk.DiskSteps;
import redoubt.core.tuf.Digests;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.client.Lookup.Found;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;

/// Step 5.7: fetches a target that was found, and lets it appear only when it is the one that was
/// vouched for. For one thread at a time.
///
/// @param mirror of the repository's targets
/// @param limits how much is taken
public record TargetFetcher(Mirror mirror, Limits limits) {
  private static final int PART_BYTES = 64 * 1024;
  private static final DiskSteps DISK = new DiskSteps.Real();

  /// Brings a target to a place, on disk when this returns.
  ///
  /// @param file where it shall lie; its directory exists
  /// @throws MirrorException if the mirror does not answer, or sends more than the target's length
  /// @throws IOException if the disk fails
  public Download fetch(Found target, Path file) throws IOException, MirrorException {
    if (isThere(target.file(), file)) {
      return new Download.Kept(file);
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      fetchFresh(target, fresh);
      DISK.rename(fresh, file);
      DISK.syncDirectory(file.resolveSibling(""));
      return new Download.Stored(file);
    } catch (TufException e) {
      return new Download.Refused(e);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /// Whether a file is that target, byte for byte.
  ///
  /// @throws IOException if it cannot be read
  public static boolean isThere(TargetFile target, Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || Files.size(file) != target.length()) {
      return false;
    }
    Digests.Check check = target.digests().check();
    long left = target.length();
    byte[] part = new byte[PART_BYTES];
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int count = in.read(part); count >= 0 && left >= 0; count = in.read(part)) {
        check.update(part, 0, count);
        left -= count;
      }
    }
    return left == 0 && check.matches();
  }

  private void fetchFresh(Found target, Path fresh)
      throws IOException, MirrorException, TufException {
    TargetFile wanted = target.file();
    if (wanted.length() > limits.targetBytes()) {
      throw new TufException(
          TufException.Reason.MISSING,
          "5.7.3",
          "longer than it may be: target=" + target.path() + " limitBytes=" + limits.targetBytes());
    }
    Files.deleteIfExists(fresh);
    Checked checked = new Checked(wanted.digests().check());
    try (FileChannel channel =
            FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        OutputStream out = Channels.newOutputStream(channel)) {
      checked.to = out;
      if (!mirror.fetch(target.location(), wanted.length(), checked)) {
        throw new TufException(
            TufException.Reason.MISSING,
            "5.7.3",
            "the mirror does not have it: target=" + target.path());
      }
      channel.force(true);
    }
    if (checked.bytes != wanted.length() || !checked.check.matches()) {
      throw new TufException(
          TufException.Reason.MISMATCH,
          "5.7.3",
          "not the bytes that were announced: target=" + target.path());
    }
  }

  /// Digests what passes.
  private static final class Checked extends OutputStream {
    private final Digests.Check check;
    private OutputStream to = OutputStream.nullOutputStream();
    private long bytes;

    Checked(Digests.Check check) {
      this.check = check;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] part, int from, int count) throws IOException {
      to.write(part, from, count);
      check.update(part, from, count);
      bytes += count;
    }
  }
}
