package redoubt.agent.seal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.agent.registry.EngineView;
import redoubt.agent.registry.Register;
import redoubt.core.content.FileDigest;
import redoubt.core.linux.ImmutableFlag;
import redoubt.core.linux.LinuxException;
import redoubt.core.model.Sha256;

/// The files of the agent and its engines, and what their owner's seal says of them.
///
/// Sealed are: all of the installation, the manifests of registered engines, and the files that
/// those name. Left out are the Java runtime and whatever a package brought: their package manager
/// looks after them, and changes them. Every method reads or writes files; one thread at a time.
public final class SealedInstallation {
  private static final String MARKER = "sealed";
  private static final String STATE_LINE = "state=";
  private static final int MOST_MARKER_BYTES = 8 * 1024;

  private final Path home;
  private final Path state;
  private final Path java;
  private final Register register;
  private final Predicate<String> packaged;
  private final SealStore store;

  /// @param home the installation
  /// @param state where seal and owner's key are
  /// @param java the home of the Java runtime
  /// @param register the registered engines
  /// @param packaged whether a package brought the file at a path
  public SealedInstallation(
      Path home, Path state, Path java, Register register, Predicate<String> packaged) {
    this.home = real(home);
    this.state = state.toAbsolutePath().normalize();
    this.java = real(java);
    this.register = register;
    this.packaged = packaged;
    this.store = new SealStore(state);
  }

  /// The seal in force, or nothing if nothing is sealed.
  ///
  /// @throws PolicyException if there is one that cannot be believed, or one was taken away
  public Optional<Seal> seal() throws PolicyException {
    return sealed().map(SealStore.Sealed::seal);
  }

  private Optional<SealStore.Sealed> sealed() throws PolicyException {
    Optional<SealStore.Sealed> sealed = store.read();
    if (sealed.isEmpty() && isMarked()) {
      throw new PolicyException(
          "this installation was sealed, and its seal is gone: file=" + home.resolve(MARKER),
          "find out who took it away; redoubt seal set makes a new one");
    }
    return sealed;
  }

  /// What the seal's text is now, to notice a change of it.
  public Optional<Sha256> fingerprint() {
    return store.fingerprint();
  }

  /// Compares every file with what was sealed.
  ///
  /// @return nothing if nothing is sealed
  /// @throws PolicyException as [#seal]
  public Optional<SealReport> check() throws PolicyException {
    Optional<SealStore.Sealed> sealed = sealed();
    if (sealed.isEmpty()) {
      return Optional.empty();
    }
    Seal seal = sealed.get().seal();
    Map<Path, Sha256> expected = sealed.get().list().digests();
    List<Flaw> flaws = new ArrayList<>();
    SortedSet<Path> all = new TreeSet<>(expected.keySet());
    all.addAll(files(flaws));
    for (Path file : all) {
      find(file, expected.get(file))
          .filter(kind -> kind.changesFile() || seal.immutable())
          .ifPresent(kind -> flaws.add(new Flaw(file, kind)));
    }
    return Optional.of(new SealReport(seal, expected.keySet(), flaws));
  }

  private static Optional<Flaw.Kind> find(Path file, @Nullable Sha256 expected) {
    if (expected == null) {
      return Optional.of(Flaw.Kind.NEW);
    }
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(
            Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? Flaw.Kind.CHANGED : Flaw.Kind.MISSING);
      }
      if (isOpen(file)) {
        return Optional.of(Flaw.Kind.OPEN);
      }
      if (!digest(file).equals(expected)) {
        return Optional.of(Flaw.Kind.CHANGED);
      }
      return ImmutableFlag.isSet(file).filter(set -> !set).map(_ -> Flaw.Kind.LOOSE);
    } catch (NoSuchFileException _) {
      return Optional.of(Flaw.Kind.MISSING);
    } catch (IOException | LinuxException _) {
      return Optional.of(Flaw.Kind.UNREADABLE);
    }
  }

  /// Reads a regular file, no link, to its end.
  private static Sha256 digest(Path file) throws IOException {
    return FileDigest.of(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isOpen(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    return permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE);
  }

  /// Whether a check found that an engine's files are those that were sealed.
  public boolean vouchesFor(SealReport report, Register.Entry engine) {
    List<Path> paths = new ArrayList<>();
    for (Path file : engine.manifest().view().files()) {
      paths.add(real(file));
    }
    paths.add(real(engine.file()));
    if (engine.manifest().view().runtime() == EngineView.Language.JAVA) {
      for (String part : EngineView.JAVA_PARTS) {
        paths.add(home.resolve(part));
      }
    }
    return report.vouchesFor(real(engine.file()), paths);
  }

  /// Where a path leads; a path that leads nowhere stays as it is.
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException _) {
      return path.toAbsolutePath().normalize();
    }
  }

  /// What a new seal came to.
  ///
  /// @param seal the seal
  /// @param files how many files are sealed
  /// @param loose how many of them could not be made immutable
  public record Done(Seal seal, int files, int loose) {}

  /// Vouches for the files as they are, and makes them immutable. An earlier seal is replaced;
  /// whether that may be is the caller's question.
  ///
  /// @param by the user id of who does
  /// @param passphrase what has to be said before the agent is stopped or the seal removed, or
  ///   nothing
  /// @throws PolicyException if files cannot be read, would be no use in a seal, or the seal cannot
  ///   be written; an earlier seal is in force then
  public Done set(int by, Instant at, Optional<String> passphrase) throws PolicyException {
    Optional<Passphrase> kept = passphrase.map(Passphrase::of);
    requireNoOther();
    try {
      DigestList list = new DigestList(digestsNow());
      byte[] text = list.format();
      if (text.length > DigestList.MAX_BYTES) {
        throw unsealable(home, "too many files: bytes=" + text.length);
      }
      loosen();
      return write(
          list.digests().keySet(),
          text,
          loose -> new Seal(at, by, Sha256.hash(text), loose == 0, kept));
    } catch (IOException | LinuxException e) {
      throw new PolicyException(
          "the installation cannot be sealed: error=" + reasonOf(e), "run as root", e);
    }
  }

  private SortedMap<Path, Sha256> digestsNow() throws IOException, PolicyException {
    List<Flaw> flaws = new ArrayList<>();
    SortedMap<Path, Sha256> digests = new TreeMap<>();
    for (Path file : files(flaws)) {
      if (!DigestList.isWritable(file.toString())) {
        throw unsealable(file, "its name has control characters or backslashes");
      }
      if (isOpen(file)) {
        throw unsealable(file, "others than root may write it: chmod go-w");
      }
      digests.put(file, digest(file));
    }
    if (!flaws.isEmpty()) {
      throw unsealable(flaws.getFirst().file(), "it cannot be read, or has too many files");
    }
    digests.put(home.resolve(MARKER), Sha256.hash(markerText()));
    return digests;
  }

  private static PolicyException unsealable(Path file, String why) {
    return new PolicyException(
        "a file cannot be sealed: file=" + file + " why=" + why, "mend or remove it, then again");
  }

  /// @param files what is sealed
  /// @param digests their list as it is written
  /// @param seal makes the seal when it is known how many files could not be made immutable
  private Done write(Set<Path> files, byte[] digests, IntFunction<Seal> seal)
      throws IOException, PolicyException {
    boolean fresh = !isMarked();
    try {
      Files.write(home.resolve(MARKER), markerText());
      int loose = fasten(files);
      Seal made = seal.apply(loose);
      store.write(made, digests);
      return new Done(made, files.size(), loose);
    } catch (IOException | PolicyException e) {
      if (fresh) {
        loosen();
        Files.deleteIfExists(home.resolve(MARKER));
      }
      throw e;
    }
  }

  private byte[] markerText() {
    return (STATE_LINE
            + state
            + "\nredoubt seal remove makes this installation changeable again.\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /// Makes everything changeable again and forgets the seal, also one that is broken. Whether that
  /// may be is the caller's question.
  ///
  /// @return false if nothing was sealed
  /// @throws PolicyException if the files cannot be made changeable, or another state directory has
  ///   their seal
  public boolean remove() throws PolicyException {
    requireNoOther();
    if (store.fingerprint().isEmpty() && !isMarked()) {
      return false;
    }
    try {
      loosen();
      store.delete();
      Files.deleteIfExists(home.resolve(MARKER));
      return true;
    } catch (IOException | LinuxException e) {
      throw new PolicyException(
          "the seal cannot be removed: error=" + reasonOf(e), "run as root", e);
    }
  }

  private void requireNoOther() throws PolicyException {
    Optional<String> other = marker().filter(line -> !line.equals(STATE_LINE + state));
    if (other.isPresent()) {
      throw new PolicyException(
          "this installation is sealed from another state directory: " + other.get(),
          "use that one: set REDOUBT_STATE_DIR to it");
    }
  }

  private static String reasonOf(Exception e) {
    return e instanceof IOException failed
        ? PrivateFile.reasonOf(failed)
        : String.valueOf(e.getMessage());
  }

  /// Whether this installation was sealed with this state directory.
  private boolean isMarked() {
    return marker().equals(Optional.of(STATE_LINE + state));
  }

  /// The first line of the mark that a seal leaves, if there is one.
  private Optional<String> marker() {
    Path file = home.resolve(MARKER);
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || Files.size(file) > MOST_MARKER_BYTES) {
        return Optional.empty();
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  // ---- which files

  /// Every file to be sealed, by its real path. Links are not followed: what they lead to is sealed
  /// where it lies, or not at all.
  ///
  /// @param flaws gets the trees that cannot be looked through
  private SortedSet<Path> files(List<Flaw> flaws) {
    SortedSet<Path> files = new TreeSet<>();
    addTree(home, files, flaws);
    files.remove(home.resolve(MARKER));
    for (Register.Entry entry : entries(files, flaws)) {
      files.add(real(entry.file()));
      for (Path own : entry.manifest().view().files()) {
        Path top = real(own);
        if (!top.startsWith(home) && !top.startsWith(java) && !packaged.test(top.toString())) {
          addTree(top, files, flaws);
        }
      }
    }
    return files;
  }

  /// What an engine may does not matter here.
  private List<Register.Entry> entries(Collection<Path> broken, List<Flaw> flaws) {
    Register.Grants none = new Register.Grants(Map.of(), Optional.empty());
    try {
      return register.entries(none, List.of(), (manifest, _) -> broken.add(real(manifest)));
    } catch (IOException | IllegalArgumentException | DirectoryIteratorException _) {
      flaws.add(new Flaw(home.resolve("engines"), Flaw.Kind.UNREADABLE));
      return List.of();
    }
  }

  private static void addTree(Path top, Collection<Path> files, List<Flaw> flaws) {
    if (!Files.exists(top)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(top)) {
      List<Path> found =
          tree.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .limit(DigestList.MAX_FILES + 1)
              .toList();
      if (found.size() + files.size() > DigestList.MAX_FILES) {
        flaws.add(new Flaw(top, Flaw.Kind.UNREADABLE));
      } else {
        files.addAll(found);
      }
    } catch (IOException | UncheckedIOException _) {
      flaws.add(new Flaw(top, Flaw.Kind.UNREADABLE));
    }
  }

  // ---- immutable

  /// @return how many files cannot be made immutable where they lie
  private int fasten(Collection<Path> files) throws IOException {
    int loose = 0;
    for (Path file : files) {
      loose += setFlag(file, true) ? 0 : 1;
    }
    for (Path directory : directories()) {
      setFlag(directory, true);
    }
    return loose;
  }

  private static boolean setFlag(Path path, boolean immutable) {
    try {
      return ImmutableFlag.set(path, immutable);
    } catch (LinuxException _) {
      // a capability that root lacks in a container, a read-only mount
      return false;
    }
  }

  /// Everything that a seal may have made immutable, from the top.
  private void loosen() throws IOException {
    Set<Path> paths = new LinkedHashSet<>(directories());
    paths.addAll(files(new ArrayList<>()));
    paths.addAll(listed());
    paths.add(home.resolve(MARKER));
    for (Path path : paths) {
      boolean real =
          Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
              || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      if (real && ImmutableFlag.isSet(path).orElse(false)) {
        ImmutableFlag.set(path, false);
      }
    }
  }

  /// What the seal names; a seal that cannot be believed names nothing.
  private Set<Path> listed() {
    try {
      return store.read().map(sealed -> sealed.list().digests().keySet()).orElse(Set.of());
    } catch (PolicyException _) {
      return Set.of();
    }
  }

  private List<Path> directories() throws IOException {
    try (Stream<Path> tree = Files.walk(home)) {
      return tree.filter(Files::isDirectory).toList();
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
