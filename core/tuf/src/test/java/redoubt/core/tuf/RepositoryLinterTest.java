package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.core.tuf.signing.DelegationDraft;
import redoubt.core.tuf.signing.RepositoryLinter;
import redoubt.core.tuf.signing.RoleDraft;

/// What TUF allows and is not published.
class RepositoryLinterTest {
  private final SimulatedRepository repo = new SimulatedRepository();
  private final VerifyingKey vendor = TestKeys.ed25519(301).verifying();
  private final VerifyingKey trialRunner = TestKeys.ed25519(302).verifying();

  @BeforeEach
  void aVendor() {
    repo.role("targets").delegations.add(vendor(List.of(vendor)));
    repo.roles.put("vendor-acme", new SimulatedRepository.Role());
    repo.role("vendor-acme").version = 1;
    repo.addTarget("vendor-acme", "acme/bundle", "content");
  }

  @Test
  void aRepositoryAsItShouldBe() throws TufException {
    assertEquals(List.of(), problems());
  }

  @Test
  void aDiamond() throws TufException {
    repo.delegate("targets", "a", false, "x/*");
    repo.delegate("targets", "b", false, "x/*");
    repo.delegate("a", "c", false, "x/*");
    repo.delegate("b", "c", false, "x/*");
    assertFound("two roles delegate to one: role=c");
  }

  @Test
  void aCircle() throws TufException {
    repo.delegate("targets", "a", false, "x/*");
    repo.delegate("a", "b", false, "x/*");
    repo.delegate("b", "a", false, "x/*");
    assertFound("two roles delegate to one: role=a");
  }

  @Test
  void namesThatAreNotPlain() throws TufException {
    repo.delegate("targets", "../role", false, "x/*");
    repo.addTarget("vendor-acme", "acme/a b", "x");
    repo.addTarget("vendor-acme", "acme/..", "x");
    assertFound("a role's name is not plain: role=../role");
    assertFound("a target's path is not plain: target=acme/a b");
    assertFound("a target's path is not plain: target=acme/..");
  }

  @Test
  void aTargetThatNobodyFinds() throws TufException {
    repo.addTarget("vendor-acme", "other/bundle", "x");
    assertFound("nobody finds it there: role=vendor-acme target=other/bundle");
  }

  @Test
  void aVendorWhoseTwoKeysSufficeForOthers() throws TufException {
    DelegationDraft right = vendor(List.of(vendor, TestKeys.ed25519(303).verifying()));
    assertEquals(3, right.role().threshold());
    repo.role("targets")
        .delegations
        .set(0, change(right, new RoleDraft(right.role().keys(), 2), true));
    assertFound("other clients would take one party's word: role=vendor-acme");
  }

  @Test
  void aVendorOfOneParty() throws TufException {
    DelegationDraft right = vendor(List.of(vendor));
    repo.role("targets")
        .delegations
        .set(0, change(right, new RoleDraft(right.role().keys(), 1), true));
    assertFound("one signature suffices: role=vendor-acme");
  }

  @Test
  void aVendorAfterWhomOthersAreAsked() throws TufException {
    DelegationDraft right = vendor(List.of(vendor));
    repo.role("targets").delegations.set(0, change(right, right.role(), false));
    assertFound("others are asked after a vendor: role=vendor-acme");
  }

  @Test
  void aRoleOfOnePartyBelowAVendor() throws TufException {
    repo.delegate("vendor-acme", "quick", false, "acme/*");
    assertFound("below a vendor, and of one party: role=quick");
  }

  @Test
  void rootKeysThatAreOnline() throws TufException {
    repo.addKey("timestamp", repo.role("root").signers.getFirst());
    repo.consistent = false;
    assertFound("a key of the root is online: role=timestamp");
    assertFound("snapshots are not consistent");
  }

  private DelegationDraft vendor(List<VerifyingKey> keys) {
    return DelegationDraft.ofVendor("vendor-acme", keys, List.of(trialRunner), "acme/");
  }

  private static DelegationDraft change(
      DelegationDraft draft, RoleDraft role, boolean terminating) {
    return new DelegationDraft(
        draft.name(), role, terminating, draft.paths(), Optional.of(draft.parties().orElseThrow()));
  }

  private void assertFound(String problem) throws TufException {
    List<String> found = problems();
    assertTrue(found.stream().anyMatch(each -> each.startsWith(problem)), "found=" + found);
  }

  private List<String> problems() throws TufException {
    Map<String, Targets> roles = new LinkedHashMap<>();
    for (String name : repo.roles.keySet()) {
      if (!List.of("root", "timestamp", "snapshot").contains(name)) {
        repo.role(name).version = Math.max(1, repo.role(name).version);
        roles.put(name, (Targets) Signed.parse(repo.draft(name)));
      }
    }
    return new RepositoryLinter((Root) Signed.parse(repo.draft("root")), roles).problems();
  }
}
