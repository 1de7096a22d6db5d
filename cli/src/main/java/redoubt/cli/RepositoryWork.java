package redoubt.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.signing.SigningException;

/// What a command does with repositories, keys or what a host believes.
@FunctionalInterface
interface RepositoryWork {
  /// Does it.
  ///
  /// @return the exit status
  int run() throws IOException, SigningException, TufException;

  /// Does it, and says what is wrong in the way of all commands.
  ///
  /// @throws Problem if something is
  static int with(RepositoryWork work) {
    try {
      return work.run();
    } catch (SigningException | TufException e) {
      String message = String.valueOf(e.getMessage());
      throw new Problem(ExitCode.NO, Printable.of(message), fix(message));
    } catch (IllegalArgumentException e) {
      throw new Problem(
          ExitCode.USAGE,
          Printable.of(String.valueOf(e.getMessage())),
          "--help says what each word and option takes");
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
