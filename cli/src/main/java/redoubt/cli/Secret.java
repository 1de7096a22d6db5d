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
import redoubt.agent.policy.PrivateFile;

/// What is not said on the command line, which every user of a host can read: it comes from a file,
/// or from whoever sits at the terminal.
///
/// @param word what it is, for people
/// @param option by which a file is named
/// @param mostChars how long it may be
/// @param withoutTerminal the exit status if there is nobody to ask
record Secret(String word, String option, int mostChars, int withoutTerminal) {
  /// What is typed at the terminal, which does not show it.
  ///
  /// @throws Problem if there is no terminal
  String typed(String prompt) {
    Console terminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).orElse(null);
    char[] words = terminal == null ? null : terminal.readPassword("%s", prompt);
    if (words == null) {
      throw new Problem(
          withoutTerminal,
          "a " + word + " is needed, and there is no terminal to ask on",
          "name a file that has it: " + option + " FILE, or - for standard input");
    }
    return new String(words);
  }

  /// The first line of a file, `-` for standard input.
  ///
  /// @throws Problem if it cannot be read, or is too long
  String read(Path file) {
    try (InputStream in =
            file.toString().equals("-")
                ? new FileInputStream("/dev/stdin")
                : Files.newInputStream(file);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      char[] words = new char[mostChars + 2];
      int length = 0;
      for (int c = lines.read(); c >= 0 && c != '\n'; c = lines.read()) {
        if (length == words.length) {
          throw new Problem(
              ExitCode.USAGE,
              "the " + word + " is too long: most=" + mostChars,
              "its file has it on the first line");
        }
        words[length++] = (char) c;
      }
      length -= length > 0 && words[length - 1] == '\r' ? 1 : 0;
      return new String(words, 0, length);
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "the " + word + " cannot be read: file=" + file + " error=" + PrivateFile.reasonOf(e),
          "name a file that this user can read");
    }
  }
}
