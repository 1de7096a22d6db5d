package redoubt.agent.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// A file of the owner's, and beside it, as `NAME.good`, the agent's copy of what it last read
/// without error: it stays in force while the file is broken. For one thread at a time in each
/// process.
public final class KeptFile {
  private final PrivateFile file;
  private final PrivateFile good;

  /// @param maxBytes the most that is read
  public KeptFile(Path path, int maxBytes) {
    this.file = new PrivateFile(path, maxBytes);
    this.good = new PrivateFile(path.resolveSibling(path.getFileName() + ".good"), maxBytes);
  }

  /// Where the owner's file is.
  public Path path() {
    return file.path();
  }

  /// What the owner wrote, or nothing if there is no such file.
  ///
  /// @throws PolicyException if it cannot be read, or another user could have written it
  public Optional<byte[]> read() throws PolicyException {
    return file.read();
  }

  /// What was good last, or nothing if nothing was.
  ///
  /// @throws PolicyException if it cannot be read, or another user could have written it
  public Optional<byte[]> readGood() throws PolicyException {
    return good.read();
  }

  /// Replaces the owner's file in one step that survives a power cut.
  public void write(byte[] content) throws IOException {
    file.write(content);
  }

  /// Remembers what was read without error. That there is no copy is no error: what is in force is
  /// still right, and the next time tries again.
  public void keep(Optional<byte[]> content) {
    try {
      if (content.isEmpty()) {
        Files.deleteIfExists(good.path());
      } else if (!Arrays.equals(content.get(), good.read().orElse(new byte[0]))) {
        good.write(content.get());
      }
    } catch (IOException | PolicyException _) {
      return;
    }
  }
}
