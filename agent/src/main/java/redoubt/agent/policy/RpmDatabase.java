package redoubt.agent.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rpm database, asked through the `rpm` command: its own format is not open to us.
///
/// A child process must not be started while hooks are open, so the critical packages are asked for
/// once, also if that fails, and the answers serve for the agent's life: new inodes are found again
/// by path, new packages after a restart of the agent. For one thread.
final class RpmDatabase implements PackageDatabase {
  private static final Pattern PACKAGE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,127}");

  /// A line for each file, with its package before it.
  private static final String FILES = "[%{=NAME}\\t%{FILENAMES}\\n]";

  /// The same with the digest in between, empty for what is no file.
  private static final String DIGESTS = "[%{=NAME}\\t%{FILEDIGESTS}\\t%{FILENAMES}\\n]";

  private static final int MOST_LINES = 20 * MAX_FILES_PER_PACKAGE;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /// For the files of every package.
  private static final Duration LIMIT_OF_ALL = Duration.ofSeconds(30);

  private static final List<String> DATABASES =
      List.of("usr/lib/sysimage/rpm", "var/lib/rpm", "usr/share/rpm");

  private final Path command;
  private final List<Path> databases;
  private final Map<String, List<Path>> known = new HashMap<>();
  private volatile HostCommands commands = HostCommands.asChildren();
  private boolean criticalAsked;

  RpmDatabase(Path command, List<Path> databases) {
    this.command = command;
    this.databases = List.copyOf(databases);
  }

  /// Finds the command and a database below `root`.
  static Optional<RpmDatabase> find(Path root) {
    Path command = root.resolve("usr/bin/rpm");
    List<Path> databases =
        DATABASES.stream().map(root::resolve).filter(Files::isDirectory).toList();
    return Files.isExecutable(command) && !databases.isEmpty()
        ? Optional.of(new RpmDatabase(command, databases))
        : Optional.empty();
  }

  @Override
  public String name() {
    return "rpm";
  }

  @Override
  public boolean answersInProcess() {
    return false;
  }

  @Override
  public void runWith(HostCommands others) {
    commands = others;
  }

  @Override
  public List<String> criticalPackages(Predicate<String> critical) {
    if (!criticalAsked) {
      criticalAsked = true;
      readCritical(critical);
    }
    return known.keySet().stream().filter(critical).sorted().toList();
  }

  @Override
  public List<Path> filesOf(Collection<String> packageNames, Predicate<String> wanted)
      throws PolicyException {
    List<Path> files = new ArrayList<>();
    for (String name : packageNames) {
      filesOf(name).stream().filter(file -> wanted.test(file.toString())).forEach(files::add);
    }
    return files;
  }

  /// One child for the packages of all paths, and one for what these packages brought.
  @Override
  public Map<String, String> ownersOf(Collection<String> paths) throws PolicyException {
    Map<String, String> owners = new HashMap<>();
    if (paths.isEmpty()) {
      return owners;
    }
    List<String> names =
        ask(arguments(List.of("-qf", "--qf", "%{NAME}\\n", "--"), paths)).stream()
            .filter(line -> PACKAGE_NAME.matcher(line).matches())
            .distinct()
            .toList();
    if (names.isEmpty()) {
      return owners;
    }
    Map<String, String> spellings = PackageDatabase.spellings(paths);
    for (String line : ask(arguments(List.of("-q", "--qf", FILES), names))) {
      int tab = line.indexOf('\t');
      String path = tab < 0 ? null : spellings.get(line.substring(tab + 1));
      if (path != null) {
        owners.putIfAbsent(path, line.substring(0, tab));
      }
    }
    return owners;
  }

  @Override
  public void forEachShipped(BiConsumer<ShippedFile, String> sink) throws PolicyException {
    ask(
        LIMIT_OF_ALL,
        line -> {
          String[] parts = line.split("\t", 3);
          if (parts.length == 3 && PACKAGE_NAME.matcher(parts[0]).matches()) {
            sink.accept(ShippedFile.of(parts[0], parts[1]), parts[2]);
          }
        },
        "-qa",
        "--qf",
        DIGESTS);
  }

  private static String[] arguments(List<String> first, Collection<String> more) {
    return Stream.concat(first.stream(), more.stream()).toArray(String[]::new);
  }

  @Override
  public long stamp() {
    List<Path> changing = new ArrayList<>(databases);
    for (Path database : databases) {
      changing.add(database.resolve("rpmdb.sqlite"));
      changing.add(database.resolve("rpmdb.sqlite-wal"));
      changing.add(database.resolve("Packages.db"));
      changing.add(database.resolve("Packages"));
    }
    return PackageDatabase.stampOf(changing);
  }

  /// One child for all names and one for all files, whatever the number of packages.
  private void readCritical(Predicate<String> critical) {
    try {
      List<String> names =
          ask("-qa", "--qf", "%{NAME}\\n").stream().filter(critical).distinct().toList();
      if (names.isEmpty()) {
        return;
      }
      for (String line : ask(arguments(List.of("-q", "--qf", FILES), names))) {
        keep(line);
      }
    } catch (PolicyException _) {
      // an rpm that does not answer protects nothing by package; well-known paths remain
      known.clear();
    }
  }

  private void keep(String line) {
    int tab = line.indexOf('\t');
    if (tab > 0 && line.startsWith("/", tab + 1)) {
      List<Path> files = known.computeIfAbsent(line.substring(0, tab), _ -> new ArrayList<>());
      FileFacts.findPath(line.substring(tab + 1)).ifPresent(files::add);
    }
  }

  private List<Path> filesOf(String name) throws PolicyException {
    if (!PACKAGE_NAME.matcher(name).matches()) {
      return List.of();
    }
    List<Path> files = known.get(name);
    if (files == null) {
      files =
          ask("-ql", "--", name).stream()
              .filter(line -> line.startsWith("/"))
              .flatMap(line -> FileFacts.findPath(line).stream())
              .toList();
      known.put(name, files);
    }
    return files;
  }

  private List<String> ask(String... arguments) throws PolicyException {
    List<String> answer = new ArrayList<>();
    ask(
        LIMIT,
        line -> {
          if (!line.isBlank() && answer.size() < MOST_LINES) {
            answer.add(line);
          }
        },
        arguments);
    return answer;
  }

  private void ask(Duration limit, Consumer<String> lines, String... arguments)
      throws PolicyException {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(arguments));
    try {
      commands.run(line, limit, lines);
    } catch (IOException e) {
      throw new PolicyException(
          "the rpm database cannot be read: command=" + String.join(" ", line),
          "run rpm --verifydb",
          e);
    }
  }
}
