package redoubt.agent.response;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.Signals;

/// Which processes are stopped on an engine's wish: a file below `/run`, a line for each process,
/// which is there before the process is stopped. So an agent that is killed leaves nobody stopped
/// without a trace, and the host's rescue finds all of them. A reboot empties it.
///
/// Not thread-safe; other processes may read the file at any time.
public final class FrozenList {
  /// The name of the file.
  public static final String FILE = "frozen";

  private final Path file;
  private final List<FrozenProcess> entries;

  private FrozenList(Path file, List<FrozenProcess> entries) {
    this.file = file;
    this.entries = new ArrayList<>(entries);
  }

  /// Takes over what an earlier agent left: responses that were under way are undone, processes
  /// that have ended are forgotten, those that are frozen stay so.
  ///
  /// @param directory where the file is
  /// @throws IOException if it cannot be read or written
  static FrozenList open(Path directory) throws IOException {
    FrozenList list = new FrozenList(directory.resolve(FILE), read(directory));
    list.thaw(entry -> entry.id() == 0);
    list.entries.removeIf(entry -> !lives(entry));
    list.write();
    return list;
  }

  /// The list as it is now, whoever keeps it.
  ///
  /// @param directory where the file is
  /// @return empty if there is none
  /// @throws IOException if it cannot be read
  public static List<FrozenProcess> read(Path directory) throws IOException {
    try {
      return Files.readAllLines(directory.resolve(FILE), StandardCharsets.UTF_8).stream()
          .map(FrozenProcess::of)
          .flatMap(Optional::stream)
          .toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  /// Writes down processes that are about to be stopped.
  ///
  /// @throws IOException if they cannot be: then they must not be stopped
  void begin(List<FrozenProcess> stopping) throws IOException {
    Set<Integer> pids = stopping.stream().map(FrozenProcess::pid).collect(Collectors.toSet());
    entries.removeIf(entry -> pids.contains(entry.pid()));
    entries.addAll(stopping);
    write();
  }

  /// Whether a process is frozen.
  boolean holds(ProcessFamily.Member member) {
    return entries.stream()
        .anyMatch(each -> each.pid() == member.pid() && each.uniqueId() == member.uniqueId());
  }

  /// Those that were begun stay stopped, as one freeze.
  ///
  /// @return its id
  long keep() throws IOException {
    long id = entries.stream().mapToLong(FrozenProcess::id).max().orElse(0) + 1;
    entries.replaceAll(each ->
        each.id() == 0
            ? new FrozenProcess(
                id, each.pid(), each.uniqueId(), each.engine(), each.rule(), each.image())
            : each);
    write();
    return id;
  }

  /// Those that were begun are stopped no more, or have been ended.
  void forget() throws IOException {
    entries.removeIf(entry -> entry.id() == 0);
    write();
  }

  /// Lets processes go on.
  ///
  /// @param which of them
  /// @return those that went on, or had ended
  List<FrozenProcess> thaw(Predicate<FrozenProcess> which) throws IOException {
    List<FrozenProcess> thawed = entries.stream().filter(which).toList();
    // Whoever was stopped last was started last: its parent does not see it stopped.
    for (FrozenProcess entry : thawed.reversed()) {
      find(entry)
          .ifPresent(process -> {
            process.signal(Signals.SIGCONT);
            process.close();
          });
    }
    entries.removeAll(thawed);
    write();
    return thawed;
  }

  private static boolean lives(FrozenProcess entry) {
    Optional<Pidfd> process = find(entry);
    process.ifPresent(Pidfd::close);
    return process.isPresent();
  }

  private static Optional<Pidfd> find(FrozenProcess entry) {
    return Pidfd.open(entry.pid(), entry.uniqueId());
  }

  private void write() throws IOException {
    Path written = file.resolveSibling(FILE + ".new");
    Files.write(written, entries.stream().map(FrozenProcess::line).toList());
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
