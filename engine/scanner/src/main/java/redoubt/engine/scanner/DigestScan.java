package redoubt.engine.scanner;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redoubt.engine.kit.FileContent;
import redoubt.engine.kit.FileEvent;
import redoubt.engine.kit.Judgement;

/// Reads one file for digests of it that did not come with the event. Used once, by one thread.
final class DigestScan {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final ScanContent content;
  private final Map<Algorithm, MessageDigest> digests = new EnumMap<>(Algorithm.class);

  /// @param missing which digests are needed
  DigestScan(ScanContent content, Set<Algorithm> missing) {
    this.content = content;
    missing.forEach(algorithm -> digests.put(algorithm, algorithm.newDigest()));
  }

  /// Reads the file to its end and looks its digests up.
  ///
  /// @throws IOException if the file or a list cannot be read
  Judgement judge(FileEvent event, FileContent file) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    long position = 0;
    int count = file.read(chunk, 0, chunk.length, position);
    while (count > 0) {
      update(ByteBuffer.wrap(chunk, 0, count));
      position += count;
      count = file.read(chunk, 0, chunk.length, position);
      if (count > 0 && event.remaining().isZero()) {
        return Judgement.abstain(
            "not read in time: readBytes=" + position + " sizeBytes=" + file.sizeBytes());
      }
    }
    return find().map(Judgements::onList).orElseGet(Judgements::nothingFound);
  }

  /// Takes in more of the content.
  void update(ByteBuffer bytes) {
    for (MessageDigest digest : digests.values()) {
      digest.update(bytes.duplicate());
    }
  }

  /// Looks the digests of all that was taken in up. Called once.
  ///
  /// @throws IOException if a list cannot be read
  Optional<HashList.Entry> find() throws IOException {
    for (Map.Entry<Algorithm, MessageDigest> each : digests.entrySet()) {
      String hex = HexFormat.of().formatHex(each.getValue().digest());
      Optional<HashList.Entry> known = content.find(each.getKey(), hex);
      if (known.isPresent()) {
        return known;
      }
    }
    return Optional.empty();
  }
}
