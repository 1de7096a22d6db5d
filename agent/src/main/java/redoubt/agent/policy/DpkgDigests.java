package redoubt.agent.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// What dpkg keeps of the content of packages' files: `info/NAME.md5sums`, the configuration files
/// in `status`, and the packages' own scripts in `info`, of which it keeps no digest. A file that
/// was diverted is known under both paths.
///
/// dpkg puts a package's files in place first and its digests after them: until then those are in
/// `tmp.ci`, which is looked into too, and before `info`, since they go from here to there.
///
/// @param directory such as `/var/lib/dpkg`
record DpkgDigests(Path directory) {
  private static final String SUMS = ".md5sums";
  private static final String LIST = ".list";
  private static final String PACKAGE = "Package: ";
  private static final int DIGITS = 32;

  /// Scripts of packages, which dpkg runs itself.
  private static final List<String> SCRIPTS =
      List.of(".preinst", ".postinst", ".prerm", ".postrm", ".config");

  /// Hands out every file: those of the package that is being unpacked, those of each other one
  /// after the other, and then the configuration files.
  ///
  /// @throws IOException if the database cannot be read
  void forEach(BiConsumer<ShippedFile, String> taker) throws IOException {
    Map<String, String> diverted = diversions();
    BiConsumer<ShippedFile, String> sink =
        (shipped, path) -> {
          taker.accept(shipped, path);
          String elsewhere = diverted.get(path);
          if (elsewhere != null) {
            taker.accept(shipped, elsewhere);
          }
        };
    readUnpacked(sink);
    for (String name : names()) {
      if (name.endsWith(SUMS)) {
        readSums(name, sink);
      } else if (name.endsWith(LIST) && !Files.exists(file(stem(name, LIST) + SUMS))) {
        readList(name, sink);
      }
    }
    readConfiguration(sink);
  }

  /// What packages that came after `sinceNanos`, or are being unpacked, say of one path. That of
  /// configuration files is there only at the end.
  List<ShippedFile> findNewer(String path, long sinceNanos) {
    List<ShippedFile> found = new ArrayList<>();
    BiConsumer<ShippedFile, String> sink =
        (shipped, shippedPath) -> {
          if (path.equals(shippedPath) || path.equals("/usr" + shippedPath)) {
            found.add(shipped);
          }
        };
    readUnpacked(sink);
    try {
      for (String name : names()) {
        if (name.endsWith(SUMS) && changedNanos(file(name)) >= sinceNanos) {
          readSums(name, sink);
        }
      }
    } catch (IOException _) {
      // What cannot be read says nothing of the file.
      return found;
    }
    return found;
  }

  /// The package whose files dpkg is putting in place, or failed to: then it is as good as any that
  /// is installed, and its folder stays until dpkg is next run.
  private void readUnpacked(BiConsumer<ShippedFile, String> sink) {
    Path folder = directory.resolve("tmp.ci");
    List<String> owner = new ArrayList<>();
    forEachLine(
        folder.resolve("control"),
        line -> {
          if (line.startsWith(PACKAGE)) {
            owner.add(line.substring(PACKAGE.length()).strip());
          }
        });
    if (!owner.isEmpty()) {
      readSums(owner.getFirst(), folder.resolve("md5sums"), sink);
    }
  }

  /// The package whose script lies at a path.
  Optional<ShippedFile> findScript(String path) {
    Path file = Path.of(path);
    if (!directory.resolve("info").equals(file.getParent())) {
      return Optional.empty();
    }
    String name = String.valueOf(file.getFileName());
    return SCRIPTS.stream()
        .filter(name::endsWith)
        .map(end -> ShippedFile.unverified(packageOf(stem(name, end))))
        .findFirst();
  }

  private String[] names() throws IOException {
    String[] names = directory.resolve("info").toFile().list();
    if (names == null) {
      throw new IOException("cannot be read: folder=" + directory.resolve("info"));
    }
    Arrays.sort(names);
    return names;
  }

  private Path file(String name) {
    return directory.resolve("info").resolve(name);
  }

  /// Its modification time is the one that it had in the package.
  private static long changedNanos(Path file) {
    try {
      return ((FileTime) Files.getAttribute(file, "unix:ctime")).to(TimeUnit.NANOSECONDS);
    } catch (IOException _) {
      return 0;
    }
  }

  private void readSums(String name, BiConsumer<ShippedFile, String> sink) {
    readSums(packageOf(stem(name, SUMS)), file(name), sink);
  }

  /// Lines of 32 digits, two blanks and a path below `/`.
  private static void readSums(String owner, Path sums, BiConsumer<ShippedFile, String> sink) {
    forEachLine(
        sums,
        line -> {
          if (line.length() > DIGITS + 2 && line.charAt(DIGITS) == ' ') {
            sink.accept(
                ShippedFile.of(owner, line.substring(0, DIGITS)), "/" + line.substring(DIGITS + 2));
          }
        });
  }

  private void readList(String name, BiConsumer<ShippedFile, String> sink) {
    ShippedFile shipped = ShippedFile.unverified(packageOf(stem(name, LIST)));
    forEachLine(
        file(name),
        line -> {
          if (line.startsWith("/")) {
            sink.accept(shipped, line);
          }
        });
  }

  /// Below `Conffiles:`, lines of a path, the digest of what the package brought, and perhaps words
  /// on it. What the owner has changed since has another digest.
  private void readConfiguration(BiConsumer<ShippedFile, String> sink) {
    Configuration configuration = new Configuration(sink);
    forEachLine(directory.resolve("status"), configuration::take);
  }

  /// Reads the status file line by line. A field goes on where lines begin with a blank.
  private static final class Configuration {
    private final BiConsumer<ShippedFile, String> sink;
    private String owner = "";
    private boolean inField;

    Configuration(BiConsumer<ShippedFile, String> sink) {
      this.sink = sink;
    }

    void take(String line) {
      if (!line.startsWith(" ")) {
        inField = line.equals("Conffiles:");
        if (line.startsWith(PACKAGE)) {
          owner = line.substring(PACKAGE.length()).strip();
        }
      } else if (inField) {
        String[] words = line.strip().split(" ");
        if (words.length >= 2 && words[1].length() == DIGITS) {
          sink.accept(ShippedFile.of(owner, words[1]), words[0]);
        }
      }
    }
  }

  /// Where files lie that make room for those of another package or of the owner's, by their paths:
  /// three lines for each, the path, where it went, and for whom.
  private Map<String, String> diversions() {
    List<String> lines = new ArrayList<>();
    forEachLine(directory.resolve("diversions"), lines::add);
    Map<String, String> diversions = new HashMap<>();
    for (int i = 0; i + 2 < lines.size(); i += 3) {
      diversions.put(lines.get(i), lines.get(i + 1));
    }
    return diversions;
  }

  private interface Line {
    void take(String line);
  }

  /// A package that is being removed has nothing more to say. What is no UTF-8 is no path that we
  /// could be asked for.
  private static void forEachLine(Path file, Line sink) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        sink.take(line);
      }
    } catch (IOException _) {
      return;
    }
  }

  private static String stem(String name, String end) {
    return name.substring(0, name.length() - end.length());
  }

  private static String packageOf(String stem) {
    int architecture = stem.indexOf(':');
    return architecture < 0 ? stem : stem.substring(0, architecture);
  }
}
