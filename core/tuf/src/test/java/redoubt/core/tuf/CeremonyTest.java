package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.tuf.signing.Ceremony;
import redoubt.core.tuf.signing.Drafts;
import redoubt.core.tuf.signing.KeyFiles;
import redoubt.core.tuf.signing.RoleDraft;
import redoubt.core.tuf.signing.SignerGroup;
import redoubt.core.tuf.signing.SigningException;
import redoubt.core.tuf.signing.SigningKey;

/// Roots that are signed on different machines, and keys as files.
class CeremonyTest {
  @TempDir private Path scratch = Path.of("");
  private final List<SigningKey> old =
      List.of(TestKeys.ed25519(1), TestKeys.ed25519(2), TestKeys.ed25519(3));
  private final SigningKey online = TestKeys.ed25519(9);

  @Test
  void aRootIsSignedOnDifferentMachines() throws Exception {
    List<SigningKey> fresh =
        List.of(
            TestKeys.ed25519(1),
            TestKeys.of(KeyScheme.ECDSA_P256, 4),
            TestKeys.of(KeyScheme.RSA_PSS, 5));
    Root trusted = root(1, old);
    Json.Members draft = draft(2, fresh);
    List<SignerGroup> groups = SignerGroup.ofNextRoot(trusted, root(2, fresh));
    Ceremony prepared = new Ceremony(scratch.resolve("2.root"));
    String digest = prepared.prepare(draft, groups);
    assertEquals(digest, Digests.sha256(Files.readAllBytes(scratch.resolve("2.root/payload"))));

    Ceremony here = carry(prepared, "here");
    here.sign(old.get(0));
    here.sign(fresh.get(1));
    Ceremony there = carry(prepared, "there");
    assertEquals(draft.values().get("version"), there.draft().values().get("version"));
    there.sign(old.get(1));
    assertThrows(SigningException.class, () -> here.assemble(groups), "one old key is missing");
    assertThrows(SigningException.class, () -> there.assemble(groups), "new keys are missing");
    Ceremony together = carry(there, "together");
    copy(here.directory(), together.directory());
    byte[] file = together.assemble(groups);

    Metadata<Root> root = Metadata.parse(file, Root.class);
    trusted.keys("root").require(root, "");
    root.signed().keys("root").require(root, "");
    assertArrayEquals(CanonicalJson.write(draft), root.signedBytes().toArray());
  }

  @Test
  void aFirstRootIsSignedByItsOwnKeys() throws Exception {
    List<SignerGroup> groups = SignerGroup.ofFirstRoot(root(1, old));
    Ceremony ceremony = new Ceremony(scratch.resolve("1.root"));
    ceremony.prepare(draft(1, old), groups);
    ceremony.sign(old.get(2));
    ceremony.sign(old.get(2));
    assertThrows(SigningException.class, () -> ceremony.assemble(groups), "twice is once");
    ceremony.sign(old.get(0));
    assertEquals(1, Metadata.parse(ceremony.assemble(groups), Root.class).signed().version());
  }

  @Test
  void whoIsNotAskedDoesNotSign() throws Exception {
    Ceremony ceremony = new Ceremony(scratch.resolve("1.root"));
    ceremony.prepare(draft(1, old), SignerGroup.ofFirstRoot(root(1, old)));
    assertThrows(SigningException.class, () -> ceremony.sign(TestKeys.ed25519(7)));
  }

  @Test
  void aCeremonyIsBegunOnce() throws Exception {
    Ceremony ceremony = new Ceremony(scratch.resolve("1.root"));
    ceremony.prepare(draft(1, old), SignerGroup.ofFirstRoot(root(1, old)));
    assertThrows(
        FileAlreadyExistsException.class,
        () -> ceremony.prepare(draft(2, old), SignerGroup.ofFirstRoot(root(1, old))));
  }

  /// What a signer reads is what the signer signs.
  @Test
  void aDraftThatIsNotThePayloadIsNotSigned() throws Exception {
    Ceremony ceremony = new Ceremony(scratch.resolve("1.root"));
    ceremony.prepare(draft(1, old), SignerGroup.ofFirstRoot(root(1, old)));
    Files.write(scratch.resolve("1.root/payload"), CanonicalJson.write(draft(2, old)));
    assertThrows(SigningException.class, () -> ceremony.sign(old.get(0)));
    Files.write(scratch.resolve("1.root/payload"), new byte[0]);
    assertThrows(SigningException.class, () -> ceremony.sign(old.get(0)));
  }

  @Test
  void theDirectoryDoesNotSayWhoseSignaturesSuffice() throws Exception {
    SigningKey thief = TestKeys.ed25519(66);
    Ceremony ceremony = new Ceremony(scratch.resolve("1.root"));
    ceremony.prepare(
        draft(2, old), SignerGroup.ofFirstRoot(root(1, List.of(thief, TestKeys.ed25519(67)))));
    ceremony.sign(thief);
    assertThrows(
        SigningException.class, () -> ceremony.assemble(SignerGroup.ofFirstRoot(root(1, old))));
  }

  @Test
  void keysAreFilesThatOnlyAPassphraseOpens() throws Exception {
    SigningKey made =
        KeyFiles.create(scratch, "root-1", "pass phrase é".toCharArray(), TestKeys.random(1));
    Path secret = scratch.resolve("root-1.key");
    Path open = scratch.resolve("root-1.pub");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
    assertEquals(made.verifying(), KeyFiles.readPublic(open));
    SigningKey opened = KeyFiles.open(secret, open, "pass phrase é".toCharArray());
    assertTrue(made.verifying().verifies(new byte[] {1}, opened.sign(new byte[] {1})));
    assertThrows(
        SigningException.class, () -> KeyFiles.open(secret, open, "another".toCharArray()));
    assertThrows(SigningException.class, () -> KeyFiles.readPublic(secret));
    assertThrows(
        FileAlreadyExistsException.class,
        () -> KeyFiles.create(scratch, "root-1", new char[] {'x'}, TestKeys.random(2)));
    KeyFiles.create(scratch, "root-2", "pass phrase é".toCharArray(), TestKeys.random(3));
    assertThrows(
        SigningException.class,
        () -> KeyFiles.open(secret, scratch.resolve("root-2.pub"), "pass phrase é".toCharArray()));
  }

  private Json.Members draft(long version, List<SigningKey> rootKeys) {
    Map<String, RoleDraft> roles = new LinkedHashMap<>();
    roles.put("root", new RoleDraft(rootKeys.stream().map(SigningKey::verifying).toList(), 2));
    for (String role : List.of("targets", "snapshot", "timestamp")) {
      roles.put(role, new RoleDraft(List.of(online.verifying()), 1));
    }
    return Drafts.root(version, SimulatedRepository.LATER, true, roles);
  }

  private Root root(long version, List<SigningKey> rootKeys) throws TufException {
    return (Root) Signed.parse(draft(version, rootKeys));
  }

  private Ceremony carry(Ceremony ceremony, String to) throws IOException {
    Path directory = Files.createDirectory(scratch.resolve(to));
    copy(ceremony.directory(), directory);
    return new Ceremony(directory);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        if (Files.notExists(to.resolve(file.getFileName()))) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
  }
}
