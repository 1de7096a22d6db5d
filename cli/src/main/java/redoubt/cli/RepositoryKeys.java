package redoubt.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
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
      required = true,
      paramLabel = "NAME.key",
      description =
          "The private key to sign with; NAME.pub lies beside it. May be repeated, for keys of one"
              + " passphrase.")
  private List<Path> files = new ArrayList<>();

  @Mixin private PassphraseSource passphrase = new PassphraseSource();

  /// Opens all of them.
  List<SigningKey> open() throws IOException, SigningException {
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

  /// What a command of a repository does.
  interface Work {
    /// Does it.
    ///
    /// @return the exit status
    int run() throws IOException, SigningException;
  }

  /// Does it, and says what is wrong in the way of all commands.
  static int with(Work work) {
    try {
      return work.run();
    } catch (SigningException e) {
      String message = String.valueOf(e.getMessage());
      throw new Problem(ExitCode.NO, Printable.of(message), fix(message));
    } catch (IllegalArgumentException e) {
      throw new Problem(
          ExitCode.USAGE,
          Printable.of(String.valueOf(e.getMessage())),
          "redoubt repository --help");
    } catch (FileAlreadyExistsException e) {
      throw new Problem(
          ExitCode.USAGE,
          "it is there already: path=" + Printable.of(String.valueOf(e.getFile())),
          "choose another name; nothing was changed");
    } catch (NoSuchFileException e) {
      throw new Problem(
          ExitCode.USAGE,
          "no such file: path=" + Printable.of(String.valueOf(e.getFile())),
          "name one that is there");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "a file cannot be read or written: error=" + Printable.of(String.valueOf(e)),
          "check who may, and the room on the disk");
    }
  }

  private static String fix(String message) {
    if (message.startsWith("the key cannot be opened")) {
      return "is that its passphrase?";
    }
    return message.startsWith("signatures are missing")
        ? "have the others sign, or copy their files KEYID.sig.json into the folder"
        : "";
  }
}
