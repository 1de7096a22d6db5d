package redoubt.testing.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The page that says which techniques of ATT&CK the starter rules find, made of the rules' tags.
///
/// @param tree the repository
record AttackPage(SourceTree tree) {
  private static final Pattern TITLE = Pattern.compile("(?m)^title: (.+)$");
  private static final Pattern TAG = Pattern.compile("(?m)^ +- attack\\.([a-z0-9._-]+)$");

  /// In the order in which ATT&CK has them.
  private static final List<String> TACTICS =
      List.of(
          "initial-access",
          "execution",
          "persistence",
          "privilege-escalation",
          "defense-evasion",
          "credential-access",
          "discovery",
          "lateral-movement",
          "collection",
          "command-and-control",
          "exfiltration",
          "impact");

  String text() throws IOException {
    Map<String, Map<String, List<String>>> byTactic = new LinkedHashMap<>();
    TACTICS.forEach(tactic -> byTactic.put(tactic, new TreeMap<>()));
    int rules = 0;
    TreeSet<String> techniques = new TreeSet<>();
    for (Path file : rules()) {
      String rule = Files.readString(file);
      Matcher title = TITLE.matcher(rule);
      if (!title.find()) {
        throw new IllegalStateException("a rule without a title: " + file);
      }
      rules++;
      List<String> tags = TAG.matcher(rule).results().map(found -> found.group(1)).toList();
      List<String> ids =
          tags.stream()
              .filter(tag -> tag.matches("t\\d{4}(\\.\\d{3})?"))
              .map(tag -> tag.toUpperCase(Locale.ROOT))
              .toList();
      techniques.addAll(ids);
      for (String tag : tags) {
        Map<String, List<String>> tactic = byTactic.get(tag);
        if (tactic != null) {
          ids.forEach(id -> tactic.computeIfAbsent(id, _ -> new ArrayList<>()).add(title.group(1)));
        }
      }
    }
    return """
    # What of ATT&CK is found

    The starter rules for Linux (`packaging/content/rules/linux`): %d rules, %d techniques and sub-techniques of MITRE ATT&CK. Each rule lies beside events that it must and must not match, and eighty attacks by more than seventy techniques are
    really played against an agent (`AttacksTest`). A technique that is named here is found in the ways that its rules describe, and not in every way that there is. What no rule can see from user mode is in the [limitations](limitations.md).

    Beside these rules: known-bad files before they start (the scanner, ClamAV), programs of unknown origin (`--app-control`, T1204 and T1059 as far as a file is started or opened), files made unreadable in a hurry (`--ransomware`, T1486), code in
    the kernel (`redoubt kernel`, T1547.006 and T1014). Rules of others are added with `--rules`; `redoubt rules list` shows the techniques of any folder.

    <!-- Made of the rules' tags: testing/architecture/target/attack-coverage.md after its tests is the new one. -->

    %s
    """
            .formatted(
                rules,
                techniques.size(),
                byTactic.entrySet().stream()
                    .map(AttackPage::section)
                    .collect(Collectors.joining("\n")))
            .stripTrailing()
        + "\n";
  }

  private List<Path> rules() throws IOException {
    try (Stream<Path> files = Files.list(tree.root().resolve("packaging/content/rules/linux"))) {
      return files.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
    }
  }

  private static String section(Map.Entry<String, Map<String, List<String>>> tactic) {
    String name = tactic.getKey().replace('-', ' ');
    String heading = "## " + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    if (tactic.getValue().isEmpty()) {
      return heading + "\nNo starter rule.\n";
    }
    String rows =
        tactic.getValue().entrySet().stream()
            .map(technique ->
                "| " + technique.getKey() + " | " + String.join("; ", technique.getValue()) + " |")
            .collect(Collectors.joining("\n"));
    return heading + "\n| technique | found as |\n| --- | --- |\n" + rows + "\n";
  }
}
