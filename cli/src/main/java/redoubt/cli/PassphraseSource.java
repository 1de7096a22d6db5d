package redoubt.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import redoubt.core.wire.WireLimits;

/// Where a command gets the owner's passphrase from: a file, or whoever sits at the terminal.
final class PassphraseSource {
  private static final Secret SECRET =
      new Secret(
          "passphrase", "--passphrase-file", WireLimits.PASSPHRASE_CHARS, ExitCode.PERMISSION);

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "Take the passphrase from the first line of FILE, - for standard input, instead of asking"
              + " for it.")
  private @Nullable Path file;

  /// The passphrase that was chosen before.
  ///
  /// @throws Problem if there is neither file nor terminal
  String ask() {
    return ask("Owner's passphrase");
  }

  /// The same for another passphrase.
  ///
  /// @param whose how to ask for it
  String ask(String whose) {
    return file == null ? SECRET.typed(whose + ": ") : SECRET.read(file);
  }

  /// A passphrase to be kept; typed twice, since nobody sees it.
  ///
  /// @param from the file that has it, or null to ask
  /// @throws Problem as [#ask], or if the two are not the same
  String askNew(@Nullable Path from) {
    if (from != null) {
      return SECRET.read(from);
    }
    String first = SECRET.typed("New passphrase: ");
    if (!first.equals(SECRET.typed("The same again: "))) {
      throw new Problem(ExitCode.USAGE, "the two passphrases are not the same", "try again");
    }
    return first;
  }
}
