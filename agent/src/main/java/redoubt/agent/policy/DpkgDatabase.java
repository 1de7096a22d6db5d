package redoubt.agent.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The dpkg database below one directory (`/var/lib/dpkg`): plain files, read without a child
/// process.
///
/// Nothing is kept between calls, so each call sees the database as it is now.
record DpkgDatabase(Path directory) implements PackageDatabase {
  private static final String LIST = ".list";

  static boolean isAt(Path directory) {
    return Files.isRegularFile(directory.resolve("status"))
        && Files.isDirectory(directory.resolve("info"));
  }

  @Override
  public String name() {
    return "dpkg";
  }

  @Override
  public boolean answersInProcess() {
    return true;
  }

  /// Returns the matching packages, every package that dpkg calls essential, and all that these
  /// depend on: a shell whose libraries are denied is a denied shell.
  @Override
  public List<String> criticalPackages(Predicate<String> critical) {
    Installed installed = readStatus();
    Set<String> chosen = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(installed.essential);
    installed.needs.keySet().stream().filter(critical).forEach(open::add);
    while (!open.isEmpty()) {
      String name = open.remove();
      if (chosen.add(name)) {
        installed.neededBy(name).forEach(open::add);
      }
    }
    return List.copyOf(chosen);
  }

  @Override
  public List<Path> filesOf(Collection<String> packageNames, Predicate<String> wanted)
      throws PolicyException {
    List<Path> files = new ArrayList<>();
    for (Path list : listsOf(Set.copyOf(packageNames))) {
      try {
        addFiles(Files.readAllLines(list, StandardCharsets.UTF_8), wanted, files);
      } catch (IOException e) {
        throw unreadable(list, e);
      }
    }
    return files;
  }

  @Override
  public boolean owns(String path) {
    try {
      return !ownersOf(List.of(path)).isEmpty();
    } catch (PolicyException _) {
      return false;
    }
  }

  /// Of several packages that list the same file, the first by name counts.
  @Override
  public Map<String, String> ownersOf(Collection<String> paths) throws PolicyException {
    Path info = directory.resolve("info");
    String[] names = info.toFile().list();
    if (names == null) {
      throw unreadable(info, null);
    }
    Arrays.sort(names);
    Map<String, String> spellings = PackageDatabase.spellings(paths);
    long wanted = spellings.values().stream().distinct().count();
    Map<String, String> owners = new HashMap<>();
    for (int i = 0; i < names.length && owners.size() < wanted; i++) {
      if (names[i].endsWith(LIST)) {
        addOwned(info.resolve(names[i]), packageOf(names[i]), spellings, owners);
      }
    }
    return owners;
  }

  @Override
  public void forEachShipped(BiConsumer<ShippedFile, String> sink) throws PolicyException {
    try {
      new DpkgDigests(directory).forEach(sink);
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  @Override
  public List<ShippedFile> findNewer(String path, long sinceNanos) {
    return new DpkgDigests(directory).findNewer(path, sinceNanos);
  }

  @Override
  public Optional<ShippedFile> findScript(String path) {
    return new DpkgDigests(directory).findScript(path);
  }

  private static void addOwned(
      Path list, String name, Map<String, String> spellings, Map<String, String> owners) {
    try (BufferedReader lines = Files.newBufferedReader(list, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String path = spellings.get(line);
        if (path != null) {
          owners.putIfAbsent(path, name);
        }
      }
    } catch (IOException _) {
      // A package that is being removed lists nothing more.
    }
  }

  /// A list names each directory before what is in it; those need no look at the disk.
  private static void addFiles(List<String> lines, Predicate<String> wanted, List<Path> files) {
    int end = Math.min(lines.size(), MAX_FILES_PER_PACKAGE);
    for (int i = 0; i < end; i++) {
      String line = lines.get(i);
      boolean directory = i + 1 < end && lines.get(i + 1).startsWith(line + "/");
      if (!directory && line.startsWith("/") && wanted.test(line)) {
        FileFacts.findPath(line).ifPresent(files::add);
      }
    }
  }

  /// Changes with the status file and, during a transaction, with the lists and the update log.
  @Override
  public long stamp() {
    return PackageDatabase.stampOf(
        List.of(
            directory.resolve("status"), directory.resolve("info"), directory.resolve("updates")));
  }

  /// A package of one architecture is listed in `NAME.list`, of several in `NAME:ARCH.list`.
  private List<Path> listsOf(Set<String> packageNames) throws PolicyException {
    Path info = directory.resolve("info");
    String[] names = info.toFile().list();
    if (names == null) {
      throw unreadable(info, null);
    }
    return Stream.of(names)
        .filter(name -> name.endsWith(LIST) && packageNames.contains(packageOf(name)))
        .sorted()
        .map(info::resolve)
        .toList();
  }

  private static String packageOf(String list) {
    String name = list.substring(0, list.length() - LIST.length());
    int architecture = name.indexOf(':');
    return architecture < 0 ? name : name.substring(0, architecture);
  }

  private static PolicyException unreadable(Path file, @Nullable Exception cause) {
    return new PolicyException(
        "the package database cannot be read: file=" + file, "run dpkg --audit", cause);
  }

  private Installed readStatus() {
    Installed installed = new Installed();
    try (BufferedReader status =
        Files.newBufferedReader(directory.resolve("status"), StandardCharsets.ISO_8859_1)) {
      Map<String, String> fields = new HashMap<>();
      for (String line = status.readLine(); line != null; line = status.readLine()) {
        if (line.isEmpty()) {
          installed.add(fields);
          fields.clear();
        } else {
          keepField(line, fields);
        }
      }
      installed.add(fields);
    } catch (IOException _) {
      // an unreadable database protects nothing by package; well-known paths remain
      return installed;
    }
    return installed;
  }

  private static void keepField(String line, Map<String, String> fields) {
    int colon = "DEPS".indexOf(line.charAt(0)) < 0 ? -1 : line.indexOf(':');
    if (colon <= 0) {
      return;
    }
    String name = line.substring(0, colon);
    switch (name) {
      case "Package", "Status", "Essential", "Depends", "Pre-Depends", "Provides" ->
          fields.put(name, line.substring(colon + 1).strip());
      default -> {}
    }
  }

  /// What the status file says of the packages that are on the host.
  private static final class Installed {
    private final Set<String> essential = new HashSet<>();
    private final Map<String, List<String>> needs = new HashMap<>();
    private final Map<String, List<String>> providers = new HashMap<>();

    void add(Map<String, String> fields) {
      String name = fields.getOrDefault("Package", "");
      String status = fields.getOrDefault("Status", "");
      if (name.isEmpty() || status.endsWith("not-installed") || status.endsWith("config-files")) {
        return;
      }
      if ("yes".equals(fields.get("Essential"))) {
        essential.add(name);
      }
      List<String> needed = needs.computeIfAbsent(name, _ -> new ArrayList<>());
      needed.addAll(packageNames(fields.getOrDefault("Depends", "")));
      needed.addAll(packageNames(fields.getOrDefault("Pre-Depends", "")));
      for (String provided : packageNames(fields.getOrDefault("Provides", ""))) {
        providers.computeIfAbsent(provided, _ -> new ArrayList<>()).add(name);
      }
    }

    /// Resolves names to installed packages; of alternatives, every one that is installed.
    Stream<String> neededBy(String name) {
      return needs.getOrDefault(name, List.of()).stream()
          .flatMap(needed ->
              needs.containsKey(needed)
                  ? Stream.of(needed)
                  : providers.getOrDefault(needed, List.of()).stream());
    }

    /// Takes the names out of a relationship field such as `libc6 (>= 2.36), a:any | b`.
    private static List<String> packageNames(String relationship) {
      List<String> names = new ArrayList<>();
      int start = 0;
      for (int i = 0; i <= relationship.length(); i++) {
        if (i == relationship.length() || ",|".indexOf(relationship.charAt(i)) >= 0) {
          addName(relationship.substring(start, i).strip(), names);
          start = i + 1;
        }
      }
      return names;
    }

    private static void addName(String clause, List<String> names) {
      int end = 0;
      while (end < clause.length() && " (:[".indexOf(clause.charAt(end)) < 0) {
        end++;
      }
      if (end > 0) {
        names.add(clause.substring(0, end));
      }
    }
  }
}
