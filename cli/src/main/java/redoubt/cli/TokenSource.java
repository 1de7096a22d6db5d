package redoubt.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import redoubt.core.wire.EnrolmentToken;
import redoubt.core.wire.WireLimits;

/// Where a command gets a token from that lets this host into a fleet: a file, or whoever sits at
/// the terminal.
final class TokenSource {
  private static final Secret SECRET =
      new Secret("token", "--token-file", WireLimits.NAME_CHARS, ExitCode.USAGE);

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
      return EnrolmentToken.parse(file == null ? SECRET.typed("Token: ") : SECRET.read(file));
    } catch (IllegalArgumentException e) {
      throw new Problem(
          ExitCode.USAGE,
          String.valueOf(e.getMessage()),
          "take the whole line that redoubt fleet token printed");
    }
  }
}
