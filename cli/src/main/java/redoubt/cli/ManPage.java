package redoubt.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The manual page of one command, section 1, in roff (man(7)), from the model that its help comes
/// from.
///
/// @param command the command
record ManPage(CommandSpec command) {
  /// The pages of a command and of all below it that help shows.
  static Stream<ManPage> of(CommandLine command) {
    Stream<ManPage> below = children(command.getCommandSpec()).flatMap(ManPage::of);
    return Stream.concat(Stream.of(new ManPage(command.getCommandSpec())), below);
  }

  /// The page's name: `redoubt-allow-add` for `redoubt allow add`.
  String name() {
    return command.qualifiedName("-");
  }

  /// The whole page.
  String text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        ".TH %s 1 \"\" \"redoubt %s\" \"Redoubt\""
            .formatted(plain(name().toUpperCase(Locale.ROOT)), plain(Main.Version.text())));
    List<String> description = List.of(command.usageMessage().description());
    lines.addAll(List.of(".SH NAME", plain(name()) + " \\- " + plain(description.getFirst())));
    lines.addAll(List.of(".SH SYNOPSIS", ".nf", plain(synopsis()), ".fi", ".SH DESCRIPTION"));
    description.forEach(line -> lines.add(line.isEmpty() ? ".PP" : plain(line)));
    lines.add(".SH OPTIONS");
    command.positionalParameters().stream()
        .filter(argument -> !argument.hidden())
        .forEach(argument -> addArgument(lines, labelOf(argument), argument));
    command.options().stream()
        .filter(option -> !option.hidden())
        .forEach(option -> addArgument(lines, namesOf(option), option));
    addCommands(lines);
    addExitStatus(lines);
    return String.join("\n", lines) + "\n";
  }

  private String synopsis() {
    return new Help(command, Help.defaultColorScheme(Help.Ansi.OFF)).synopsis(0).strip();
  }

  private static void addArgument(List<String> lines, String head, ArgSpec argument) {
    lines.addAll(List.of(".TP", "\\fB" + plain(head) + "\\fR"));
    Arrays.stream(argument.description()).map(ManPage::plain).forEach(lines::add);
  }

  private static String labelOf(PositionalParamSpec argument) {
    return argument.paramLabel();
  }

  private static String namesOf(OptionSpec option) {
    String names = String.join(", ", option.names());
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }

  private void addCommands(List<String> lines) {
    if (children(command).findAny().isEmpty()) {
      return;
    }
    lines.add(".SH COMMANDS");
    children(command)
        .map(CommandLine::getCommandSpec)
        .forEach(child -> {
          lines.addAll(List.of(".TP", "\\fB" + plain(child.qualifiedName("-")) + "\\fR(1)"));
          lines.add(plain(child.usageMessage().description()[0]));
        });
  }

  private void addExitStatus(List<String> lines) {
    if (command.usageMessage().exitCodeList().isEmpty()) {
      return;
    }
    lines.add(".SH EXIT STATUS");
    command
        .usageMessage()
        .exitCodeList()
        .forEach((status, meaning) -> lines.addAll(List.of(".TP", plain(status), plain(meaning))));
  }

  private static Stream<CommandLine> children(CommandSpec parent) {
    return parent.subcommands().values().stream()
        .distinct()
        .filter(child -> !child.getCommandSpec().usageMessage().hidden());
  }

  /// Text in which roff sees no request, no escape and no typographic hyphen.
  private static String plain(String text) {
    String escaped = text.replace("%n", " ").replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
