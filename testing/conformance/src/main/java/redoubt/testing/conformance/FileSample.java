package redoubt.testing.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import redoubt.core.linux.Descriptors;
import redoubt.core.model.Sha256;

/// Bytes that are handed to engines behind a descriptor, as files and content are.
final class FileSample implements AutoCloseable {
  private final Sha256 sha256;
  private final int sizeBytes;
  private final int descriptor;

  FileSample(byte[] bytes) {
    sha256 = Sha256.hash(bytes);
    sizeBytes = bytes.length;
    descriptor = Descriptors.sealedMemory("conformance", bytes);
  }

  Sha256 sha256() {
    return sha256;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  int descriptor() {
    return descriptor;
  }

  /// Where the descriptor's offset stands, which all its holders share.
  long offset() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor));
    return lines.stream()
        .filter(line -> line.startsWith("pos:"))
        .mapToLong(line -> Long.parseLong(line.substring(4).strip()))
        .findFirst()
        .orElseThrow(() -> new IOException("no offset: descriptor=" + descriptor));
  }

  @Override
  public void close() {
    Descriptors.close(descriptor);
  }
}
