package redoubt.testing.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What holds for files rather than for classes. Each rule returns its problems as `place:
/// problem`, none if it is kept.
///
/// @param tree the files
record SourceRules(SourceTree tree) {
  private static final int MOST_LINES = 500;

  private static final List<String> CHARTER =
      List.of(
          "*What this room is:*",
          "*Owns:*",
          "*Never:*",
          "*Hands off to:*",
          "*Threads:*",
          "*Limits:*",
          "*Start reading at:*");

  private static final Pattern SOURCE =
      Pattern.compile(".*\\.(java|c|h|py|sh|mk|proto)|(?:[^.]*/)?(?:libexec|tools)/[^/.]+|redoubt");

  // Written in halves, so that this file does not break its own rule.
  private static final Pattern SKIPPED =
      Pattern.compile(
          "@"
              + "Disabled|@"
              + "EnabledI|\\bassum"
              + "e[A-Z]\\w*\\(|\\bassum"
              + "ingThat\\(|Test"
              + "AbortedException|unittest\\.s"
              + "kip|<s"
              + "kipTests>true");

  /// Names in addresses that are identifiers, and nothing is fetched from them.
  private static final Set<String> IDENTIFIERS =
      Set.of(
          "maven.apache.org/POM",
          "maven.apache.org/xsd",
          "www.w3.org",
          "json-schema.org",
          "schemas.invalid",
          "schema.ocsf.io",
          "www.apache.org/licenses");

  private static final Pattern ADDRESS =
      Pattern.compile("\\b(?:https?|ftp|git)://([\\w.-]+(?:/[\\w.-]*)?)");

  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?<![\\w-])(?:repo1?|central|plugins|registry|deb|security|archive|ftp|files|crates|proxy|packages)"
              + "\\.[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.(?:org|com|io|net)\\b");

  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.}-])/wo" + "rk/[\\w.]|(?<![\\w.}\"'-])/ro" + "ot/[\\w.]");

  /// Every rule's problems.
  List<String> problems() throws IOException {
    List<String> problems = new ArrayList<>();
    problems.addAll(charters());
    problems.addAll(nullMarks());
    problems.addAll(lengths());
    problems.addAll(skippedTests());
    problems.addAll(addresses());
    problems.addAll(kernelSettings());
    return problems;
  }

  /// Every package of a shipped room opens with its whole charter.
  List<String> charters() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Path directory : tree.shippedPackageDirectories()) {
      Path file = directory.resolve("package-info.java");
      String place = tree.inRepository(file);
      if (!Files.exists(file)) {
        problems.add(place + ": no charter");
        continue;
      }
      String text = SourceTree.textOf(file).replaceAll("\\s*\\n///\\s*", " ");
      CHARTER.stream()
          .filter(heading -> !text.contains(heading))
          .forEach(heading -> problems.add(place + ": charter without " + heading));
    }
    return problems;
  }

  /// In a shipped module nothing is null unless it says so.
  List<String> nullMarks() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Path file : tree.files()) {
      String place = tree.inRepository(file);
      if (place.matches("(?!testing/).*src/main/java/module-info\\.java")
          && !SourceTree.textOf(file).contains("NullMarked")) {
        problems.add(place + ": module without @NullMarked");
      }
    }
    return problems;
  }

  /// A source of more than 500 lines is two.
  List<String> lengths() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Path file : tree.files()) {
      String place = tree.inRepository(file);
      if (SOURCE.matcher(place).matches()) {
        long lines = SourceTree.textOf(file).lines().count();
        if (lines > MOST_LINES) {
          problems.add(place + ": too long: lines=" + lines);
        }
      }
    }
    return problems;
  }

  /// A test runs, or it is deleted.
  List<String> skippedTests() throws IOException {
    return matches(SKIPPED, ".*(src/test/|testing/|pom\\.xml).*", "skips a test");
  }

  /// No file names a host to fetch from, or a directory of the machine it was written on.
  List<String> addresses() throws IOException {
    List<String> problems = new ArrayList<>(matches(REGISTRY, ".*", "names a download host"));
    problems.addAll(matches(MACHINE_PATH, ".*", "names a directory of one machine"));
    for (Path file : tree.files()) {
      ADDRESS
          .matcher(SourceTree.textOf(file))
          .results()
          .map(found -> found.group(1))
          .filter(address -> IDENTIFIERS.stream().noneMatch(address::startsWith))
          .forEach(address ->
              problems.add(tree.inRepository(file) + ": names an address: host=" + address));
    }
    return problems;
  }

  /// A setting of the kernel's is read in one call, by `KernelFile`: anything of `Files` gets its
  /// first character only.
  List<String> kernelSettings() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Path file : tree.files()) {
      String text = SourceTree.textOf(file);
      if (file.toString().endsWith(".java")
          && text.contains("\"/proc/sy" + "s/")
          && text.contains("Files.rea" + "d")) {
        problems.add(tree.inRepository(file) + ": reads a kernel setting past KernelFile");
      }
    }
    return problems;
  }

  private List<String> matches(Pattern pattern, String places, String problem) throws IOException {
    List<String> problems = new ArrayList<>();
    for (Path file : tree.files()) {
      String place = tree.inRepository(file);
      if (place.matches(places)) {
        pattern
            .matcher(SourceTree.textOf(file))
            .results()
            .forEach(found -> problems.add(place + ": " + problem + ": text=" + found.group()));
      }
    }
    return problems;
  }
}
