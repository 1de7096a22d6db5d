package redoubt.testing.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Sha256;
import redoubt.core.wire.EngineMessage;

/// What an engine is given to load: the vendor's own content, or a hash list for engines that read
/// these.
final class EngineContent {
  /// The SHA-256 of `spec/hash-list.abnf`: whoever names it reads hash lists.
  static final String HASH_LIST_SCHEMA =
      "942aa67d31d9bd4305ce97f6b8e22f5daf1b7ca6b63c9b0480a265cbe162458d";

  /// The SHA-256 of `spec/scanner-content.md`: a hash list is such content too.
  static final String SCANNER_SCHEMA =
      "0741db08faeb4a89ec7023fc0efbedf5d11a1d4a7bffa3c015b09f2ce0d6f283";

  private static final int NOISE_BYTES = 4096;

  private final byte[] good;
  private final byte[] bad;
  private final byte @Nullable [] listed;

  private EngineContent(byte[] good, byte[] bad, byte @Nullable [] listed) {
    this.good = good;
    this.bad = bad;
    this.listed = listed;
  }

  /// Finds content for an engine.
  ///
  /// @return empty if the engine needs content of a schema that is unknown here and none was given
  /// @throws IOException if the vendor's own cannot be read
  static Optional<EngineContent> find(EngineMessage.Hello hello, Settings settings)
      throws IOException {
    Path own = settings.content();
    Path bad = settings.badContent();
    boolean readsLists =
        hello.schemaHash().equals(HASH_LIST_SCHEMA) || hello.schemaHash().equals(SCANNER_SCHEMA);
    if (own == null && !readsLists) {
      return hello.schemaHash().isEmpty()
          ? Optional.of(new EngineContent(new byte[0], new byte[0], null))
          : Optional.empty();
    }
    byte[] made = readsLists ? text("no digest stands here\n") : noise(settings);
    byte[] refused = bad != null ? Files.readAllBytes(bad) : made;
    if (own != null) {
      return Optional.of(new EngineContent(Files.readAllBytes(own), refused, null));
    }
    byte[] listed = text("conformance: this file stands on the list\n");
    return Optional.of(new EngineContent(list(listed), refused, listed));
  }

  /// Must be taken.
  byte[] good() {
    return good.clone();
  }

  /// Must be refused.
  byte[] bad() {
    return bad.clone();
  }

  /// A file that the good content denies; null if that is not our own.
  byte @Nullable [] findListed() {
    return listed == null ? null : listed.clone();
  }

  private static byte[] list(byte[] listed) {
    String digest = HexFormat.of().formatHex(Sha256.hash(listed).bytes());
    return text("# made by the conformance kit\n" + digest + "  listed by the kit\n");
  }

  private static byte[] noise(Settings settings) {
    byte[] noise = new byte[NOISE_BYTES];
    new SplittableRandom(settings.seed()).nextBytes(noise);
    return noise;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
