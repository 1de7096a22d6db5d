package redoubt.core.content.life;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.FileDigest;
import redoubt.core.disk.DiskSteps;
import redoubt.core.model.Sha256;

/// The content of one engine on this host, in one folder: `life`, what is known of it;
/// `life.before`, the same one change earlier; and a file `DIGEST.bundle` for each release that it
/// names.
///
/// A change counts once [#write] has returned, and is there in whole or not at all after a power
/// cut at any step. A release is on disk before the state names it, and stays until none does. For
/// one thread of one process at a time.
public final class LifeStore {
  private static final String STATE = "life";
  private static final String EARLIER = "life.before";
  private static final String SUFFIX = ".bundle";
  private static final String FRESH = ".new";

  private final Path folder;
  private final DiskSteps disk;

  /// @param folder is there, and only this user can write in it
  public LifeStore(Path folder, DiskSteps disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /// What [#read] found.
  ///
  /// @param life what is known
  /// @param problem what is wrong with the state on disk; then this is the one before it, or that
  ///   nothing is known
  public record Found(Life life, Optional<ContentException> problem) {}

  /// Reads the state. A broken one gives way to the one before it.
  ///
  /// @throws IOException if the disk cannot be read
  public Found read() throws IOException {
    try {
      Optional<Life> state = read(STATE);
      // Between two names of a change there is only the earlier one.
      return new Found(
          state.isPresent() ? state.get() : read(EARLIER).orElse(Life.EMPTY), Optional.empty());
    } catch (ContentException e) {
      try {
        return new Found(read(EARLIER).orElse(Life.EMPTY), Optional.of(e));
      } catch (ContentException _) {
        return new Found(Life.EMPTY, Optional.of(e));
      }
    }
  }

  private Optional<Life> read(String name) throws IOException, ContentException {
    Path file = folder.resolve(name);
    try (InputStream bytes = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] text = bytes.readNBytes(LifeFormat.MOST_BYTES + 1);
      if (text.length > LifeFormat.MOST_BYTES) {
        throw new ContentException("the state of content is too long: file=" + file);
      }
      return Optional.of(LifeFormat.read(text));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// Writes the state.
  ///
  /// @throws IOException if it is not known to be on disk; what [#read] then gives may be the old
  ///   one or this one
  public void write(Life life) throws IOException {
    Path fresh = folder.resolve(STATE + FRESH);
    Path state = folder.resolve(STATE);
    disk.write(fresh, LifeFormat.write(life));
    disk.syncFile(fresh);
    if (isReadable()) {
      disk.rename(state, folder.resolve(EARLIER));
    }
    disk.rename(fresh, state);
    disk.syncDirectory(folder);
  }

  /// A broken state must not take the place of the sound one before it.
  private boolean isReadable() throws IOException {
    try {
      return read(STATE).isPresent();
    } catch (ContentException _) {
      return false;
    }
  }

  /// Takes a copy of a bundle, whole and on disk before this returns. The state does not name it
  /// yet.
  ///
  /// @throws ContentException if it is none
  /// @throws IOException if it cannot be read or copied
  public Release take(Path source) throws IOException, ContentException {
    Path fresh = folder.resolve(SUFFIX + FRESH);
    // So that nothing is copied that is none; what counts is the copy.
    BundleFile.open(source);
    disk.copy(source, fresh);
    BundleFile bundle = BundleFile.open(fresh);
    bundle.verify();
    Release release = Release.of(digestOf(fresh), bundle.manifest());
    disk.syncFile(fresh);
    disk.rename(fresh, file(release.digest()));
    disk.syncDirectory(folder);
    return release;
  }

  /// The bundle of a release, read to its end and found to be what it was.
  ///
  /// @throws ContentException if it is not, or is gone
  /// @throws IOException if it cannot be read
  public BundleFile open(Release release) throws IOException, ContentException {
    Path file = file(release.digest());
    try {
      if (!digestOf(file).equals(release.digest())) {
        throw new ContentException("the bundle was changed: file=" + file);
      }
      return BundleFile.open(file);
    } catch (NoSuchFileException e) {
      throw new ContentException("the bundle is gone: file=" + file, e);
    }
  }

  /// What a start came to.
  ///
  /// @param start what is to be done; its state is on disk
  /// @param bundle what the engine is to have, if it is to have any
  /// @param problems what was found broken on the way, for people
  public record Begun(Life.Start start, Optional<BundleFile> bundle, List<String> problems) {
    public Begun {
      problems = List.copyOf(problems);
    }
  }

  /// Begins a start of the agent: counts it, and finds the content to start with. A release whose
  /// bundle is broken or cannot be read is given up, and what was before it takes its place.
  ///
  /// @throws IOException if the state cannot be read or written
  public Begun begin(Instant now) throws IOException {
    Found found = read();
    List<String> problems = new ArrayList<>();
    found.problem().ifPresent(problem -> problems.add(String.valueOf(problem.getMessage())));
    Life.Start start = found.life().started(now);
    write(start.life());
    while (start.plan() == Life.Plan.CONTENT && start.life().active().isPresent()) {
      Release active = start.life().active().get();
      try {
        return new Begun(start, Optional.of(open(active)), problems);
      } catch (ContentException | IOException e) {
        problems.add(String.valueOf(e.getMessage()));
        start = new Life.Start(start.life().lost(active), start.plan());
        write(start.life());
      }
    }
    return new Begun(start, Optional.empty(), problems);
  }

  /// Takes away what the state on disk does not name.
  ///
  /// @throws IOException if that fails; the rest can be taken away later
  public void clear() throws IOException {
    Found found = read();
    if (found.problem().isPresent()) {
      // What a broken state named is not known.
      return;
    }
    Set<String> named =
        found
            .life()
            .releases()
            .map(release -> release.digest() + SUFFIX)
            .collect(Collectors.toSet());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(FRESH) || (name.endsWith(SUFFIX) && !named.contains(name))) {
          disk.delete(file);
        }
      }
    }
    disk.syncDirectory(folder);
  }

  private Path file(Sha256 digest) {
    return folder.resolve(digest + SUFFIX);
  }

  private static Sha256 digestOf(Path file) throws IOException {
    return FileDigest.of(file, LinkOption.NOFOLLOW_LINKS);
  }
}
