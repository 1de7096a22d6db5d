package redoubt.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.wire.WireLimits;

/// Where a command gets the owner's passphrase from: a file, or whoever sits at the terminal.
final class PassphraseSource {
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
    return file == null ? typed(whose + ": ") : read(file);
  }

  /// A passphrase to be kept; typed twice, since nobody sees it.
  ///
  /// @param from the file that has it, or null to ask
  /// @throws Problem as [#ask], or if the two are not the same
  String askNew(@Nullable Path from) {
    if (from != null) {
      return read(from);
    }
    String first = typed("New passphrase: ");
    if (!first.equals(typed("The same again: "))) {
      throw new Problem(ExitCode.USAGE, "the two passphrases are not the same", "try again");
    }
    return first;
  }

  private static String typed(String prompt) {
    Console terminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).orElse(null);
    char[] words = terminal == null ? null : terminal.readPassword("%s", prompt);
    if (words == null) {
      throw new Problem(
          ExitCode.PERMISSION,
          "a passphrase is needed, and there is no terminal to ask on",
          "name a file that has it: --passphrase-file FILE, or - for standard input");
    }
    return new String(words);
  }

  private static String read(Path file) {
    try (InputStream in =
            file.toString().equals("-")
                ? new FileInputStream("/dev/stdin")
                : Files.newInputStream(file);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      char[] words = new char[WireLimits.PASSPHRASE_CHARS + 2];
      int length = 0;
      for (int c = lines.read(); c >= 0 && c != '\n'; c = lines.read()) {
        if (length == words.length) {
          throw new Problem(
              ExitCode.USAGE,
              "the passphrase is too long: most=" + WireLimits.PASSPHRASE_CHARS,
              "its file has it on the first line");
        }
        words[length++] = (char) c;
      }
      length -= length > 0 && words[length - 1] == '\r' ? 1 : 0;
      return new String(words, 0, length);
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "the passphrase cannot be read: file=" + file + " error=" + PrivateFile.reasonOf(e),
          "name a file that this user can read");
    }
  }
}
