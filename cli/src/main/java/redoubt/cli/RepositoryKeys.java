package redoubt.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redoubt.core.tuf.VerifyingKey;
import redoubt.core.tuf.signing.KeyFiles;
import redoubt.core.tuf.signing.SigningException;
import redoubt.core.tuf.signing.SigningKey;

/// The private keys that a command signs with, and public keys by their files.
final class RepositoryKeys {
  private static final String PRIVATE = ".key";

  @Option(
      names = "--key",
      paramLabel = "NAME.key",
      description =
          "The private key to sign with; NAME.pub lies beside it. May be repeated, for keys of one"
              + " passphrase.")
  private List<Path> files = new ArrayList<>();

  @Mixin private PassphraseSource passphrase = new PassphraseSource();

  /// Whether any is named.
  boolean areNamed() {
    return !files.isEmpty();
  }

  /// Opens all of them.
  ///
  /// @throws Problem if none is named
  List<SigningKey> open() throws IOException, SigningException {
    if (!areNamed()) {
      throw new Problem(ExitCode.USAGE, "no key to sign with", "say --key NAME.key");
    }
    char[] words = passphrase.ask("Passphrase of the key").toCharArray();
    List<SigningKey> keys = new ArrayList<>();
    for (Path file : files) {
      keys.add(KeyFiles.open(file, publicOf(file), words));
    }
    return keys;
  }

  private static Path publicOf(Path file) {
    String name = String.valueOf(file.getFileName());
    if (!name.endsWith(PRIVATE)) {
      throw new Problem(
          ExitCode.USAGE,
          "not the name of a private key: file=" + file,
          "name one that ends in .key");
    }
    return file.resolveSibling(name.substring(0, name.length() - PRIVATE.length()) + ".pub");
  }

  /// Reads public keys.
  static List<VerifyingKey> open(List<Path> files) throws IOException, SigningException {
    List<VerifyingKey> keys = new ArrayList<>();
    for (Path file : files) {
      keys.add(KeyFiles.readPublic(file));
    }
    return keys;
  }
}
