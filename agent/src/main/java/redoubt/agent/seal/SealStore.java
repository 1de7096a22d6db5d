package redoubt.agent.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.OwnerKey;
import redoubt.core.model.Sha256;

/// The seal on the disk, in `seal/` of the state directory: `SHA256SUMS`, `seal.json` with its
/// digest, and `seal.json.sig`, the owner's signature of that. One thread at a time.
final class SealStore {
  private static final int SIGNATURE_BYTES = 64;

  private final Path state;
  private final Path folder;
  private final PrivateFile digests;
  private final PrivateFile seal;
  private final PrivateFile signature;

  SealStore(Path state) {
    this.state = state;
    this.folder = state.resolve("seal");
    this.digests = new PrivateFile(folder.resolve("SHA256SUMS"), DigestList.MAX_BYTES);
    this.seal = new PrivateFile(folder.resolve("seal.json"), SealJson.MAX_BYTES);
    this.signature = new PrivateFile(folder.resolve("seal.json.sig"), SIGNATURE_BYTES);
  }

  /// A seal whose signature is the owner's, and its list.
  record Sealed(Seal seal, DigestList list) {}

  /// Reads the seal, or nothing if there is none.
  ///
  /// @throws PolicyException if it cannot be read, is not the owner's, or does not fit its list
  Optional<Sealed> read() throws PolicyException {
    Optional<byte[]> text = seal.read();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    byte[] signed = signature.read().orElse(new byte[0]);
    if (!ownerKey().signed(text.get(), signed)) {
      throw broken("the seal is not signed by this host's owner: file=" + seal.path(), null);
    }
    byte[] sums = digests.read().orElse(new byte[0]);
    try {
      Seal found = SealJson.parse(text.get());
      if (!found.digests().equals(Sha256.hash(sums))) {
        throw broken("the digests are not those of the seal: file=" + digests.path(), null);
      }
      return Optional.of(new Sealed(found, DigestList.parse(sums)));
    } catch (IOException e) {
      throw broken(
          "the seal is broken: file=" + seal.path() + " error=" + PrivateFile.reasonOf(e), e);
    }
  }

  private static PolicyException broken(String message, @Nullable Exception cause) {
    return new PolicyException(
        message, "find out who changed it; redoubt seal set makes a new one", cause);
  }

  private OwnerKey ownerKey() throws PolicyException {
    try {
      return OwnerKey.loadOrCreate(state);
    } catch (ContentException e) {
      throw new PolicyException(
          "the owner's key cannot be used: error=" + e.getMessage(), "mend the key's files", e);
    }
  }

  /// Writes list, seal and signature; until the last is written there is the old seal, or one that
  /// is broken.
  void write(Seal newSeal, byte[] list) throws IOException, PolicyException {
    byte[] text = SealJson.format(newSeal);
    byte[] signed = ownerKey().sign(text);
    PrivateFile.createDirectory(folder);
    digests.write(list);
    seal.write(text);
    signature.write(signed);
  }

  void delete() throws IOException {
    for (PrivateFile file : List.of(seal, signature, digests)) {
      Files.deleteIfExists(file.path());
    }
    Files.deleteIfExists(folder);
  }

  /// What lies there now, to see whether it changes; empty if nothing does.
  Optional<Sha256> fingerprint() {
    try {
      return seal.read().map(Sha256::hash);
    } catch (PolicyException e) {
      return Optional.of(Sha256.ofText(e.getMessage()));
    }
  }
}
