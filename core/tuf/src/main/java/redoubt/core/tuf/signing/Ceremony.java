package redoubt.core.tuf.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import redoubt.core.tuf.CanonicalJson;
import redoubt.core.tuf.Digests;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.JsonReader;
import redoubt.core.tuf.Metadata;
import redoubt.core.tuf.RoleName;
import redoubt.core.tuf.Signed;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.VerifyingKey;

/// The signing of one file by keys that lie on different machines, as a directory that is carried
/// from one to the next:
///
/// - `draft.json`, what is to be signed, readable;
/// - `payload`, the exact bytes to be signed: its canonical form;
/// - `signers.json`, whose signatures are wanted;
/// - `KEYID.sig.json`, one for each signature so far.
///
/// Signing adds a file and changes none, so copies that were signed in different places are put
/// together by copying files. For one thread of one process at a time.
///
/// @param directory the ceremony's
public record Ceremony(Path directory) {
  private static final String DRAFT = "draft.json";
  private static final String PAYLOAD = "payload";
  private static final String SIGNERS = "signers.json";
  private static final String SIGNATURE = ".sig.json";

  /// Begins: writes what is to be signed and by whom. What is signed shows its digest to everybody
  /// who signs.
  ///
  /// @param draft see [Drafts]
  /// @return the SHA-256 of the bytes to be signed, for signers to compare by another way
  /// @throws IOException if the directory is there already, or cannot be written
  public String prepare(Json.Members draft, List<SignerGroup> groups) throws IOException {
    Files.createDirectory(directory);
    byte[] payload = CanonicalJson.write(draft);
    writeNew(DRAFT, CanonicalJson.writeFile(draft));
    writeNew(PAYLOAD, payload);
    writeNew(SIGNERS, CanonicalJson.writeFile(form(groups)));
    return Digests.sha256(payload);
  }

  /// Returns what is to be signed, for a signer to look at.
  ///
  /// @throws SigningException if it is no metadata, or not what the payload says
  public Json.Members draft() throws IOException, SigningException {
    try {
      Json.Members draft = JsonReader.read(Files.readAllBytes(directory.resolve(DRAFT)));
      Signed.parse(draft);
      if (Arrays.equals(
          CanonicalJson.write(draft), Files.readAllBytes(directory.resolve(PAYLOAD)))) {
        return draft;
      }
    } catch (TufException e) {
      throw new SigningException("not metadata: " + e.getMessage(), e);
    }
    throw new SigningException("draft and payload differ: directory=" + directory);
  }

  /// Adds one signature. Nothing of the network, the repository or other keys is needed.
  ///
  /// @throws SigningException if this key's signature is not wanted, or the payload is no metadata
  public void sign(SigningKey key) throws IOException, SigningException {
    byte[] payload = CanonicalJson.write(draft());
    List<String> keyIds =
        wanted().entrySet().stream()
            .filter(each -> each.getValue().fingerprint().equals(key.verifying().fingerprint()))
            .map(Map.Entry::getKey)
            .toList();
    if (keyIds.isEmpty()) {
      throw new SigningException("this key is not asked for: keyid=" + key.keyId());
    }
    for (String keyId : keyIds) {
      byte[] form =
          CanonicalJson.writeFile(
              new Json.Members(
                  Map.of(
                      "keyid", new Json.Text(keyId),
                      "sig", new Json.Text(HexFormat.of().formatHex(key.sign(payload))))));
      Files.write(directory.resolve(RoleName.encode(keyId) + SIGNATURE), form);
    }
  }

  /// Puts the file together.
  ///
  /// @param groups whose signatures are needed, from metadata that is trusted and not from the
  ///   directory, which was carried around
  /// @throws SigningException if signatures are missing or wrong
  public byte[] assemble(List<SignerGroup> groups) throws IOException, SigningException {
    byte[] file = SignedFile.assemble(draft(), signatures());
    try {
      Metadata<Signed> metadata = Metadata.parse(file, Signed.class);
      for (SignerGroup group : groups) {
        int valid = group.keys().signers(metadata).size();
        if (valid < group.keys().threshold()) {
          throw new SigningException(
              "signatures are missing: of="
                  + group.why()
                  + " valid="
                  + valid
                  + " threshold="
                  + group.keys().threshold());
        }
      }
      return file;
    } catch (TufException e) {
      throw new SigningException("not metadata: " + e.getMessage(), e);
    }
  }

  private Map<String, byte[]> signatures() throws IOException, SigningException {
    Map<String, byte[]> signatures = new TreeMap<>();
    for (Path file : signatureFiles()) {
      try {
        Json.Members form = JsonReader.read(Files.readAllBytes(file));
        signatures.put(form.text("keyid"), HexFormat.of().parseHex(form.text("sig")));
      } catch (TufException | IllegalArgumentException e) {
        throw new SigningException("not a signature: file=" + file, e);
      }
    }
    return signatures;
  }

  private List<Path> signatureFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(SIGNATURE)).sorted().toList();
    }
  }

  private Map<String, VerifyingKey> wanted() throws IOException, SigningException {
    try {
      Map<String, VerifyingKey> wanted = new LinkedHashMap<>();
      Json.Members signers = JsonReader.read(Files.readAllBytes(directory.resolve(SIGNERS)));
      for (Json.Members group : signers.objects("groups")) {
        Json.Members keys = group.members("keys");
        for (String keyId : keys.values().keySet()) {
          VerifyingKey.parse(keys.members(keyId)).ifPresent(key -> wanted.put(keyId, key));
        }
      }
      return wanted;
    } catch (TufException e) {
      throw new SigningException("not a list of signers: directory=" + directory, e);
    }
  }

  private static Json.Members form(List<SignerGroup> groups) {
    List<Json> forms = new ArrayList<>();
    for (SignerGroup group : groups) {
      Map<String, Json> keys = new LinkedHashMap<>();
      group.keys().keys().forEach((keyId, key) -> keys.put(keyId, key.form()));
      forms.add(
          new Json.Members(
              Map.of(
                  "keys", new Json.Members(keys),
                  "of", new Json.Text(group.why()),
                  "threshold", new Json.Whole(group.keys().threshold()))));
    }
    return new Json.Members(Map.of("groups", new Json.Items(forms)));
  }

  private void writeNew(String name, byte[] bytes) throws IOException {
    Files.write(
        directory.resolve(name), bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }
}
