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
import redoubt.core.wire.EnrolmentToken;

/// Where a command gets a token from that lets this host into a fleet: a file, or whoever sits at
/// the terminal. Not the command line, which every user of a host can read.
final class TokenSource {
  private static final int MOST_CHARS = 1_024;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Take the token from the first line of FILE, - for standard input, instead of asking for"
              + " it.")
  private @Nullable Path file;

  /// The token.
  ///
  /// @throws Problem if there is none
  EnrolmentToken ask() {
    try {
      return EnrolmentToken.parse(file == null ? typed() : read(file));
    } catch (IllegalArgumentException e) {
      throw new Problem(
          ExitCode.USAGE,
          String.valueOf(e.getMessage()),
          "take the whole line that redoubt fleet token printed");
    }
  }

  private static String typed() {
    Console terminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).orElse(null);
    char[] words = terminal == null ? null : terminal.readPassword("Token: ");
    if (words == null) {
      throw new Problem(
          ExitCode.USAGE,
          "a token is needed, and there is no terminal to ask on",
          "name a file that has it: --token-file FILE, or - for standard input");
    }
    return new String(words);
  }

  private static String read(Path file) {
    try (InputStream in =
            file.toString().equals("-")
                ? new FileInputStream("/dev/stdin")
                : Files.newInputStream(file);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    new java.io.ByteArrayInputStream(in.readNBytes(MOST_CHARS)),
                    StandardCharsets.US_ASCII))) {
      String line = lines.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "the token cannot be read: file=" + file + " error=" + PrivateFile.reasonOf(e),
          "name a file that this user can read");
    }
  }
}
