package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.Octets;
import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.policy.Parties;
import redoubt.core.tuf.policy.TrialRunners;
import redoubt.core.tuf.policy.TrustedContent;
import redoubt.core.tuf.policy.TrustedRepositories;
import redoubt.core.tuf.policy.TrustedRepository;
import redoubt.core.tuf.policy.TrustedVendor;
import redoubt.core.tuf.policy.VendorLookup;
import redoubt.core.tuf.signing.DelegationDraft;
import redoubt.core.tuf.signing.RoleDraft;
import redoubt.core.tuf.signing.SigningKey;

/// Nothing counts that one party alone could have published, whatever TUF itself says to it. All
/// keys are this test's own.
class TwoPartyTest {
  private static final String TARGET = "acme/bundle";
  private static final TrialRunners ANY = new TrialRunners.AsTheRepositorySays();

  @TempDir private Path scratch = Path.of("");
  private final SigningKey vendor = TestKeys.ed25519(201);
  private final SigningKey otherVendorKey = TestKeys.ed25519(202);
  private final SigningKey trialRunner = TestKeys.ed25519(203);
  private final SigningKey ownersTrialRunner = TestKeys.ed25519(204);
  private final List<String> asked = new ArrayList<>();
  private int hosts;

  @Test
  void bothPartiesSuffice() throws Exception {
    SimulatedRepository repo = repository(2, List.of(vendor), List.of(trialRunner));
    assertInstanceOf(VendorLookup.Trusted.class, find(repo, ANY));
  }

  @Test
  void withoutEitherSignatureItVerifiesNowhere() throws Exception {
    for (SigningKey missing : List.of(vendor, trialRunner)) {
      SimulatedRepository repo = repository(2, List.of(vendor), List.of(trialRunner));
      repo.role("vendor-acme").signers.remove(missing);
      repo.publish("vendor-acme", "snapshot", "timestamp");
      assertEquals(TufException.Reason.UNSIGNED, refusal(find(repo, ANY)).reason());
    }
  }

  @Test
  void twoKeysOfTheVendorAreOneParty() throws Exception {
    SimulatedRepository repo = repository(2, List.of(vendor, otherVendorKey), List.of(trialRunner));
    repo.role("vendor-acme").signers.remove(trialRunner);
    repo.publish("vendor-acme", "snapshot", "timestamp");
    assertEquals("two-party-5", refusal(find(repo, ANY)).step());
    repo.role("vendor-acme").signers.add(trialRunner);
    repo.publish("vendor-acme", "snapshot", "timestamp");
    assertInstanceOf(VendorLookup.Trusted.class, find(repo, ANY));
  }

  @Test
  void twoTrialRunnersAreNoVendor() throws Exception {
    SimulatedRepository repo =
        repository(2, List.of(vendor), List.of(trialRunner, ownersTrialRunner));
    repo.role("vendor-acme").signers.remove(vendor);
    repo.publish("vendor-acme", "snapshot", "timestamp");
    assertEquals("two-party-5", refusal(find(repo, ANY)).step());
  }

  @Test
  void aThresholdOfOneIsRefusedEvenIfBothHaveSigned() throws Exception {
    SimulatedRepository repo = repository(1, List.of(vendor), List.of(trialRunner));
    assertEquals("two-party-2", refusal(find(repo, ANY)).step());
  }

  @Test
  void itMustBeSaidWhoseTheKeysAre() throws Exception {
    Parties right = parties(List.of(vendor), List.of(trialRunner));
    for (Optional<Parties> parties :
        List.of(
            Optional.<Parties>empty(),
            Optional.of(new Parties(right.vendor(), Set.of())),
            Optional.of(new Parties(Set.of(), right.trialRunner())),
            Optional.of(new Parties(right.vendor(), right.vendor())),
            Optional.of(new Parties(right.vendor(), Set.of("another"))))) {
      SimulatedRepository repo = repository(2, List.of(vendor), List.of(trialRunner), parties);
      assertEquals("two-party-3", refusal(find(repo, ANY)).step(), parties.toString());
    }
  }

  @Test
  void oneKeyUnderTwoNamesIsOneParty() throws Exception {
    SimulatedRepository repo = repository(2, List.of(vendor), List.of(trialRunner));
    repo.role("targets").edit =
        draft -> {
          Json.Items roles = (Json.Items) Edits.at(draft, "delegations", "roles");
          Json.Members role = (Json.Members) roles.values().getFirst();
          Json ids =
              new Json.Items(
                  Stream.of(vendor.keyId(), trialRunner.keyId(), "the vendor again")
                      .<Json>map(Json.Text::new)
                      .toList());
          Parties parties =
              new Parties(Set.of(vendor.keyId()), Set.of(trialRunner.keyId(), "the vendor again"));
          role = Edits.set(role, ids, "keyids");
          role = Edits.set(role, parties.form(), Parties.MEMBER);
          Json.Members with =
              Edits.set(
                  draft, vendor.verifying().form(), "delegations", "keys", "the vendor again");
          return Edits.set(with, new Json.Items(List.of(role)), "delegations", "roles");
        };
    repo.publish("targets", "snapshot", "timestamp");
    assertEquals("two-party-4", refusal(find(repo, ANY)).step());
  }

  @Test
  void theOwnerChoosesTrialRunners() throws Exception {
    TrialRunners owners =
        new TrialRunners.Named(Set.of(ownersTrialRunner.verifying().fingerprint()));
    SimulatedRepository theirs = repository(2, List.of(vendor), List.of(trialRunner));
    assertEquals("two-party-5", refusal(find(theirs, owners)).step());
    SimulatedRepository ours =
        repository(3, List.of(vendor), List.of(trialRunner, ownersTrialRunner));
    assertInstanceOf(VendorLookup.Trusted.class, find(ours, owners));
    SimulatedRepository posing = repository(2, List.of(ownersTrialRunner), List.of(trialRunner));
    assertEquals("two-party-4", refusal(find(posing, owners)).step());
  }

  @Test
  void theTopLevelRoleSpeaksForNoVendor() throws Exception {
    SimulatedRepository repo = repository(2, List.of(vendor), List.of(trialRunner));
    repo.addTarget("targets", TARGET, "by the repository itself");
    repo.publish("targets", "snapshot", "timestamp");
    assertEquals("two-party-1", refusal(find(repo, ANY)).step());
  }

  @Test
  void anotherRoleSpeaksForNoVendor() throws Exception {
    SimulatedRepository repo = repository(2, List.of(vendor), List.of(trialRunner));
    repo.role("targets").delegations.clear();
    repo.delegate("targets", "another", false, "acme/*");
    repo.addTarget("another", TARGET, "content");
    repo.publish("another", "targets", "snapshot", "timestamp");
    assertEquals("two-party-1", refusal(find(repo, ANY)).step());
  }

  @Test
  void aVendorCannotDelegateTheTrialAway() throws Exception {
    SimulatedRepository repo = repository(2, List.of(vendor), List.of(trialRunner));
    repo.role("vendor-acme").targets.clear();
    repo.delegate("vendor-acme", "acme-quick", true, "acme/*");
    repo.addTarget("acme-quick", TARGET, "content");
    repo.publish("acme-quick", "vendor-acme", "snapshot", "timestamp");
    assertEquals("two-party-2", refusal(find(repo, ANY)).step());
  }

  @Test
  void whoMayNotSpeakIsNotAsked() throws Exception {
    SimulatedRepository acme = repository(2, List.of(vendor), List.of(trialRunner));
    SimulatedRepository other = new SimulatedRepository();
    TrustedRepositories both =
        new TrustedRepositories(
            List.of(
                trusted("other", other, new TrustedVendor("other", "vendor-other", "other/")),
                trusted("acme", acme, new TrustedVendor("acme", "vendor-acme", "acme/"))));
    TrustedContent content =
        new TrustedContent(
            both,
            scratch.resolve("both"),
            repository ->
                mirror(repository.name(), repository.name().equals("acme") ? acme : other),
            Limits.DEFAULT,
            InstantSource.fixed(SimulatedRepository.START),
            MetadataReader.ANY_FORM);
    VendorLookup.Trusted found = assertInstanceOf(VendorLookup.Trusted.class, content.find(TARGET));
    assertEquals("acme", found.speaker().repository().name());
    assertEquals(Set.of("acme"), Set.copyOf(asked));
    assertInstanceOf(VendorLookup.NobodySpeaks.class, content.find("nobody/bundle"));
    assertInstanceOf(VendorLookup.NobodySpeaks.class, content.find("acm"));
    assertEquals(Set.of("acme"), Set.copyOf(asked));
  }

  @Test
  void noTwoVendorsSpeakForOnePath() {
    SimulatedRepository repo = new SimulatedRepository();
    TrustedRepository one = trusted("one", repo, new TrustedVendor("a", "a", "acme/"));
    TrustedRepository two = trusted("two", repo, new TrustedVendor("b", "b", "acme/below/"));
    assertThrows(IllegalArgumentException.class, () -> new TrustedRepositories(List.of(one, two)));
    assertThrows(IllegalArgumentException.class, () -> new TrustedRepositories(List.of(one, one)));
    for (String prefix : List.of("", "/", "acme", "../", "a/../", "a//", "*/")) {
      assertThrows(
          IllegalArgumentException.class, () -> new TrustedVendor("a", "a", prefix), prefix);
    }
  }

  @Test
  void expiredIsToldFromForged() throws Exception {
    SimulatedRepository repo = repository(2, List.of(vendor), List.of(trialRunner));
    Instant later = SimulatedRepository.LATER.plus(Duration.ofDays(1));
    VendorLookup.NotTrusted expired =
        assertInstanceOf(
            VendorLookup.NotTrusted.class,
            content(repo, ANY, InstantSource.fixed(later)).find(TARGET));
    assertInstanceOf(Lookup.Expired.class, expired.why());
  }

  private SimulatedRepository repository(
      int threshold, List<SigningKey> vendorKeys, List<SigningKey> trialRunners) {
    return repository(
        threshold, vendorKeys, trialRunners, Optional.of(parties(vendorKeys, trialRunners)));
  }

  private SimulatedRepository repository(
      int threshold,
      List<SigningKey> vendorKeys,
      List<SigningKey> trialRunners,
      Optional<Parties> parties) {
    SimulatedRepository repo = new SimulatedRepository();
    List<SigningKey> all = Stream.concat(vendorKeys.stream(), trialRunners.stream()).toList();
    repo.role("targets")
        .delegations
        .add(
            new DelegationDraft(
                "vendor-acme",
                new RoleDraft(all.stream().map(SigningKey::verifying).toList(), threshold),
                true,
                new PathRule.Patterns(List.of("acme/*")),
                parties));
    SimulatedRepository.Role role = new SimulatedRepository.Role();
    role.signers.addAll(all);
    repo.roles.put("vendor-acme", role);
    repo.addTarget("vendor-acme", TARGET, "content");
    repo.publish("vendor-acme", "targets", "snapshot", "timestamp");
    return repo;
  }

  private static Parties parties(List<SigningKey> vendorKeys, List<SigningKey> trialRunners) {
    return new Parties(
        Set.copyOf(vendorKeys.stream().map(SigningKey::keyId).toList()),
        Set.copyOf(trialRunners.stream().map(SigningKey::keyId).toList()));
  }

  private static TufException refusal(VendorLookup lookup) {
    VendorLookup.NotTrusted refused = assertInstanceOf(VendorLookup.NotTrusted.class, lookup);
    return assertInstanceOf(Lookup.Refused.class, refused.why()).why();
  }

  private VendorLookup find(SimulatedRepository repo, TrialRunners trialRunners)
      throws IOException, MirrorException {
    return content(repo, trialRunners, InstantSource.fixed(SimulatedRepository.START)).find(TARGET);
  }

  private TrustedContent content(
      SimulatedRepository repo, TrialRunners trialRunners, InstantSource clock) {
    TrustedRepository trusted =
        new TrustedRepository(
            "repo",
            Octets.of(repo.latest("root")),
            List.of(new TrustedVendor("acme", "vendor-acme", "acme/")),
            trialRunners);
    return new TrustedContent(
        new TrustedRepositories(List.of(trusted)),
        scratch.resolve("host-" + ++hosts),
        _ -> mirror("repo", repo),
        Limits.DEFAULT,
        clock,
        MetadataReader.ANY_FORM);
  }

  private static TrustedRepository trusted(
      String name, SimulatedRepository repo, TrustedVendor vendor) {
    return new TrustedRepository(name, Octets.of(repo.latest("root")), List.of(vendor), ANY);
  }

  private Mirror mirror(String name, SimulatedRepository repo) {
    return (path, maxBytes, sink) -> {
      asked.add(name);
      byte[] file = repo.metadata.get(path.encoded());
      return file != null && send(file, sink);
    };
  }

  private static boolean send(byte[] file, OutputStream sink) {
    try {
      sink.write(file);
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
