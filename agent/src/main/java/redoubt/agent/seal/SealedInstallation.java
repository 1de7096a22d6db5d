package redoubt.agent.seal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.agent.registry.EngineView;
import redoubt.agent.registry.Register;
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
    this.home = home.toAbsolutePath().normalize();
    this.state = state.toAbsolutePath().normalize();
    this.java = java;
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
    Map<Path, Sha256> expected = sealed.get().list().digests();
    SortedSet<Path> all = new TreeSet<>(expected.keySet());
    List<Flaw> flaws = new ArrayList<>();
    try {
      all.addAll(files());
    } catch (IOException e) {
      flaws.add(new Flaw(home, Flaw.Kind.UNREADABLE));
    }
    for (Path file : all) {
      find(file, expected.get(file)).ifPresent(kind -> flaws.add(new Flaw(file, kind)));
    }
    for (Path file : all) {
      if (isLoose(file)) {
        flaws.add(new Flaw(file, Flaw.Kind.LOOSE));
      }
    }
    return Optional.of(new SealReport(all.size(), flaws));
  }

  private static Optional<Flaw.Kind> find(Path file, @Nullable Sha256 expected) {
    if (expected == null) {
      return Optional.of(Flaw.Kind.NEW);
    }
    try {
      if (isOpen(file)) {
        return Optional.of(Flaw.Kind.OPEN);
      }
      return Digests.of(file).equals(expected) ? Optional.empty() : Optional.of(Flaw.Kind.CHANGED);
    } catch (NoSuchFileException _) {
      return Optional.of(Flaw.Kind.MISSING);
    } catch (IOException _) {
      return Optional.of(Flaw.Kind.UNREADABLE);
    }
  }

  private static boolean isOpen(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    return permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE);
  }

  private static boolean isLoose(Path file) {
    try {
      return ImmutableFlag.isSet(file).filter(set -> !set).isPresent();
    } catch (LinuxException _) {
      // gone or unreadable: that is another flaw
      return false;
    }
  }

  /// Whether a check found that an engine's files are those that were sealed.
  public boolean vouchesFor(SealReport report, Register.Entry engine) {
    return report.vouchesFor(filesOf(engine));
  }

  private List<Path> filesOf(Register.Entry engine) {
    EngineView view = engine.manifest().view();
    List<Path> paths = new ArrayList<>(view.files());
    paths.add(engine.file());
    if (view.runtime() == EngineView.Language.JAVA) {
      for (String part : List.of("lib", "libexec", "aot")) {
        paths.add(home.resolve(part));
      }
    }
    return paths;
  }

  /// What a new seal came to.
  ///
  /// @param seal the seal
  /// @param files how many files are sealed
  /// @param loose how many of them lie where nothing can be made immutable
  public record Done(Seal seal, int files, int loose) {}

  /// Vouches for the files as they are, and makes them immutable. An earlier seal is replaced;
  /// whether that may be is the caller's question.
  ///
  /// @param by the user id of who does
  /// @param passphrase what has to be said before the agent is stopped or the seal removed, or
  ///   nothing
  /// @throws PolicyException if files cannot be read, sealed, or made immutable; then nothing is
  public Done set(int by, Instant at, Optional<char[]> passphrase) throws PolicyException {
    Optional<Passphrase> kept = passphrase.map(Passphrase::of);
    try {
      loosen();
      Files.writeString(
          home.resolve(MARKER),
          STATE_LINE + state + "\nredoubt seal remove makes this installation changeable again.\n");
      Map<Path, Sha256> digests = new TreeMap<>();
      for (Path file : files()) {
        if (!DigestList.isWritable(file.toString()) || digests.size() == DigestList.MAX_FILES) {
          throw new PolicyException(
              "a file cannot be sealed: file=" + file + " most=" + DigestList.MAX_FILES,
              "give it a name without control characters and backslashes, or remove it");
        }
        digests.put(file, Digests.of(file));
      }
      DigestList list = new DigestList(new TreeMap<>(digests));
      Seal seal = new Seal(at, by, Digests.of(list.format()), kept);
      store.write(seal, list);
      return new Done(seal, digests.size(), fasten(digests.keySet()));
    } catch (IOException | LinuxException e) {
      throw new PolicyException(
          "the installation cannot be sealed: error=" + reasonOf(e), "run as root", e);
    }
  }

  /// Makes everything changeable again and forgets the seal, also one that is broken. Whether that
  /// may be is the caller's question.
  ///
  /// @return false if nothing was sealed
  /// @throws PolicyException if the files cannot be made changeable
  public boolean remove() throws PolicyException {
    try {
      boolean was = store.fingerprint().isPresent() || isMarked();
      loosen();
      store.delete();
      if (isMarked()) {
        Files.delete(home.resolve(MARKER));
      }
      return was;
    } catch (IOException | LinuxException e) {
      throw new PolicyException(
          "the seal cannot be removed: error=" + reasonOf(e), "run as root", e);
    }
  }

  private static String reasonOf(Exception e) {
    return e instanceof IOException failed
        ? PrivateFile.reasonOf(failed)
        : String.valueOf(e.getMessage());
  }

  /// Whether this installation was sealed with this state directory.
  private boolean isMarked() {
    try (Stream<String> lines = Files.lines(home.resolve(MARKER))) {
      return lines.findFirst().equals(Optional.of(STATE_LINE + state));
    } catch (IOException _) {
      return false;
    }
  }

  // ---- which files

  private SortedSet<Path> files() throws IOException {
    SortedSet<Path> files = new TreeSet<>();
    addTree(home, files);
    List<Path> broken = new ArrayList<>();
    List<Register.Entry> entries = entries(broken);
    files.addAll(broken);
    for (Register.Entry entry : entries) {
      files.add(entry.file().toAbsolutePath().normalize());
      for (Path own : entry.manifest().view().files()) {
        if (!own.startsWith(home) && !own.startsWith(java) && !isPackaged(own)) {
          addTree(own, files);
        }
      }
    }
    return files;
  }

  /// What an engine may does not matter here.
  private List<Register.Entry> entries(List<Path> broken) throws IOException {
    Register.Grants none = new Register.Grants(Map.of(), Optional.empty());
    try {
      return register.entries(none, List.of(), (manifest, _) -> broken.add(manifest));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private boolean isPackaged(Path file) {
    return packaged.test(file.toString());
  }

  private void addTree(Path top, Collection<Path> files) throws IOException {
    if (!Files.exists(top)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(top, FileVisitOption.FOLLOW_LINKS)) {
      tree.filter(Files::isRegularFile)
          .filter(file -> top.equals(home) || !isPackaged(file))
          .forEach(files::add);
    } catch (UncheckedIOException e) {
      // a folder that cannot be read, or links in a circle
      throw new IOException(e.getMessage(), e);
    }
  }

  // ---- immutable

  /// @return how many files lie where nothing can be made immutable
  private int fasten(Collection<Path> files) throws IOException {
    int loose = 0;
    for (Path file : files) {
      loose += ImmutableFlag.set(file, true) ? 0 : 1;
    }
    for (Path directory : directories()) {
      ImmutableFlag.set(directory, true);
    }
    return loose;
  }

  /// Everything that a seal may have made immutable, from the top.
  private void loosen() throws IOException {
    Set<Path> paths = new LinkedHashSet<>(directories());
    paths.addAll(files());
    paths.addAll(listed());
    for (Path path : paths) {
      if (Files.exists(path) && ImmutableFlag.isSet(path).orElse(false)) {
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
