package redoubt.testing.architecture;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// `docs/reference.md` as the code has it: options, counters, notices, bases and causes with the
/// sentences that stand at their declarations.
///
/// @param tree the checkout whose sources are read
record ReferencePage(SourceTree tree) {
  private static final String AGENT = "agent/src/main/java/redoubt/agent/";
  private static final String MODEL = "core/model/src/main/java/redoubt/core/model/";

  /// A documented constant of an enumeration, and the text that it may have in parentheses.
  private static final Pattern CONSTANT =
      Pattern.compile(
          "((?:^ +/// .*\\n)+)^ +([A-Z][A-Z_]+)(?:\\(\"([a-z_]+)\"\\))?[,;]?$", Pattern.MULTILINE);

  private static final Pattern PACKAGE_NAME = Pattern.compile("^ +\"([^\"]+)\"", Pattern.MULTILINE);

  /// The whole page.
  ///
  /// @throws IOException if a source cannot be read
  String text() throws IOException {
    return String.join(
        "\n",
        """
        # Reference

        Taken from the code; a test fails when this page and the code differ, and leaves the new page in
        `testing/architecture/target/reference.md`. What to do about each is in [Operating Redoubt](guides/operate.md).

        ## Options of `redoubt run`
        | option | value | meaning |
        | --- | --- | --- |\
        """,
        options(),
        """

        ## Counters
        `redoubt status --counters`, since the start of the agent.

        | counter | counts |
        | --- | --- |\
        """,
        constants(
            AGENT + "health/Counter.java",
            "public enum Counter",
            found -> "`" + found.group(3) + "`"),
        """

        ## Notices
        | kind | meaning |
        | --- | --- |\
        """,
        constants(MODEL + "PlatformNotice.java", "enum Kind", ReferencePage::name),
        """

        ## What a decision rests on
        | basis | meaning |
        | --- | --- |\
        """,
        constants(MODEL + "DecisionBasis.java", "enum DecisionBasis", ReferencePage::name),
        """

        ## Why an engine has no opinion
        | cause | meaning |
        | --- | --- |\
        """,
        constants(MODEL + "EngineOpinion.java", "enum Cause", ReferencePage::name),
        """

        ## Critical packages
        Protected with all they depend on, where they are installed, under the names of Debian, Ubuntu, Fedora, RHEL and SUSE; those that end in `*`
        stand for all that begin so.
        """,
        packages(),
        "");
  }

  private static String name(MatchResult found) {
    return "`" + found.group(2) + "`";
  }

  private static String options() {
    try {
      return Stream.of(Class.forName("redoubt.cli.RunCommand").getDeclaredFields())
          .map((Field field) -> field.getAnnotation(Option.class))
          .filter(option -> option != null)
          .map(option ->
              row(
                  "`" + String.join("`, `", option.names()) + "`",
                  option.paramLabel().isEmpty()
                      ? ""
                      : "`" + option.paramLabel().replace("|", "\\|") + "`",
                  String.join(" ", option.description())))
          .collect(Collectors.joining("\n"));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the command has no run", e);
    }
  }

  private interface Heading {
    String of(MatchResult constant);
  }

  private String constants(String file, String enumeration, Heading heading) throws IOException {
    String text = sourceOf(file);
    String body = text.substring(text.indexOf(enumeration));
    List<String> rows =
        CONSTANT
            .matcher(body.substring(0, endOfConstants(body)))
            .results()
            .map(found -> row(heading.of(found), sentence(found.group(1))))
            .toList();
    if (rows.isEmpty()) {
      throw new IllegalStateException("no documented constant: file=" + file);
    }
    return String.join("\n", rows);
  }

  /// Constants end with a semicolon or with the enumeration.
  private static int endOfConstants(String body) {
    int brace = body.indexOf("\n  }");
    int semicolon = body.indexOf(");\n");
    int end = semicolon >= 0 ? semicolon + 2 : brace;
    return end >= 0 ? end : body.length();
  }

  private String packages() throws IOException {
    String text = sourceOf(AGENT + "policy/CriticalPackages.java");
    String names = between(text, "NAMES =", ");");
    String prefixes =
        between(text, "PREFIXES =", ");")
            .replaceAll("List.of\\(", "\n    ")
            .replace(", ", "\n    ");
    return Stream.concat(
            PACKAGE_NAME.matcher(names).results().map(found -> found.group(1)),
            PACKAGE_NAME.matcher(prefixes).results().map(found -> found.group(1) + "*"))
        .sorted(String.CASE_INSENSITIVE_ORDER)
        .collect(Collectors.joining("` · `", "`", "`"));
  }

  private String sourceOf(String file) throws IOException {
    return SourceTree.textOf(tree.root().resolve(Path.of(file)));
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start);
    return text.substring(from, text.indexOf(end, from));
  }

  private static String sentence(String comment) {
    return comment.replaceAll("(?m)^ +/// ?", "").replaceAll("\\s+", " ").strip();
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
