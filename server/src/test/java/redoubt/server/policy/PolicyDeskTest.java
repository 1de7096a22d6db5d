package redoubt.server.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.core.model.HostId;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.server.made.MadeFleet;
import redoubt.server.made.Storage;
import redoubt.server.made.TalkingHost;
import redoubt.server.store.PolicyEntry;
import redoubt.server.store.RefusedException;

/// What counts on hosts on its way to them, with a whole server and a time that is made.
@ParameterizedClass
@EnumSource
class PolicyDeskTest {
  private static final String ANYWHERE = "";

  @Parameter Storage storage;
  @TempDir Path folder;

  private static PolicyEntry.Terms terms(String subject, String label) {
    return new PolicyEntry.Terms(subject, "*", label, Optional.empty(), "ours");
  }

  private static List<String> last(TalkingHost host) {
    return host.policies().getLast().exemptions().stream()
        .map(FleetMessage.Exemption::value)
        .toList();
  }

  private static boolean has(TalkingHost host, long version, String... subjects) {
    return !host.policies().isEmpty()
        && host.policies().getLast().version() == version
        && last(host).equals(List.of(subjects));
  }

  @Test
  void whoeverIsThereIsToldAtOnceAndWhoeverComesThen() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 2)) {
      TalkingHost there = fleet.hosts().getFirst();
      TalkingHost away = fleet.hosts().getLast();
      fleet.pass(5);
      away.disconnect();
      PolicyEntry entry = fleet.server().policy().add(terms("/opt/acme/", ANYWHERE), "ada");
      assertTrue(fleet.passUntil(() -> has(there, 1, "/opt/acme/")), fleet::toString);
      fleet.restart();
      for (TalkingHost host : fleet.hosts()) {
        assertTrue(fleet.passUntil(() -> has(host, 1, "/opt/acme/")), host::toString);
      }
      fleet.server().policy().remove(entry.id(), "bob");
      for (TalkingHost host : fleet.hosts()) {
        assertTrue(fleet.passUntil(() -> has(host, 2)), host::toString);
      }
      assertEquals(
          List.of("policy.disallow bob", "policy.allow ada"),
          fleet.server().audit().newest(Long.MAX_VALUE, 100).stream()
              .filter(each -> each.action().startsWith("policy."))
              .map(each -> each.action() + " " + each.actor())
              .toList());
    }
  }

  @Test
  void whatIsForALabelIsForHostsWithItAsLongAsTheyHaveIt() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 2)) {
      TalkingHost web = fleet.hosts().getFirst();
      TalkingHost other = fleet.hosts().getLast();
      HostId id = HostId.parse(web.id());
      fleet.pass(5);
      fleet.server().policy().add(terms("acme-tools", "web"), "ada");
      assertTrue(fleet.passUntil(() -> has(web, 1) && has(other, 1)));
      fleet.desk().label(id, Set.of("web"), Set.of(), "ada");
      fleet.server().policy().labelled(id);
      assertTrue(fleet.passUntil(() -> has(web, 1, "acme-tools")));
      assertTrue(has(other, 1));
      fleet.desk().label(id, Set.of(), Set.of("web"), "ada");
      fleet.server().policy().labelled(id);
      assertTrue(fleet.passUntil(() -> has(web, 1)));
    }
  }

  @Test
  void whatHasEndedIsToldNobody() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 1)) {
      TalkingHost host = fleet.hosts().getFirst();
      fleet.pass(5);
      fleet
          .server()
          .policy()
          .add(
              new PolicyEntry.Terms(
                  "acme-tools",
                  "scanner",
                  ANYWHERE,
                  Optional.of(fleet.now().plus(Duration.ofHours(1))),
                  ""),
              "ada");
      assertTrue(fleet.passUntil(() -> has(host, 1, "acme-tools")));
      fleet.jump(3_601);
      host.connect(fleet.server().hostPort());
      assertTrue(fleet.passUntil(() -> has(host, 1)), () -> host.policies().toString());
      fleet.server().policy().add(terms("acme-tools", ANYWHERE), "ada");
    }
  }

  @Test
  void itIsKnownWhereSomeOfItMakesNoSense() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 2)) {
      TalkingHost host = fleet.hosts().getFirst();
      PolicyDesk policy = fleet.server().policy();
      host.say(new HostMessage.PolicyInForce(0, 1, "no such package"));
      assertTrue(fleet.passUntil(() -> !policy.reports().isEmpty()));
      assertEquals("no such package", policy.reports().get(HostId.parse(host.id())).problem());
      host.disconnect();
      assertTrue(fleet.passUntil(() -> policy.reports().isEmpty()));
    }
  }

  @Test
  void thereIsAnEndToItAndNothingTwice() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 1)) {
      PolicyDesk policy = fleet.server().policy();
      policy.add(terms("/opt/0", ANYWHERE), "ada");
      assertThrows(RefusedException.class, () -> policy.add(terms("/opt/0", ANYWHERE), "ada"));
      for (int i = 1; i < 128; i++) {
        policy.add(terms("/opt/" + i, ANYWHERE), "ada");
      }
      assertThrows(RefusedException.class, () -> policy.add(terms("/opt/128", ANYWHERE), "ada"));
      assertThrows(RefusedException.class, () -> policy.remove(129, "ada"));
      TalkingHost host = fleet.hosts().getFirst();
      assertTrue(fleet.passUntil(() -> !host.policies().isEmpty() && last(host).size() == 128));
    }
  }

  @Test
  void whatNoHostCouldBeToldIsRefused() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 1)) {
      PolicyDesk policy = fleet.server().policy();
      assertThrows(IllegalArgumentException.class, () -> terms("/opt/\n", ANYWHERE));
      assertThrows(
          IllegalArgumentException.class,
          () -> new PolicyEntry.Terms("x", "*", ANYWHERE, Optional.empty(), "x".repeat(257)));
      for (String subject : List.of("", "x".repeat(513))) {
        assertThrows(
            IllegalArgumentException.class, () -> policy.add(terms(subject, ANYWHERE), "ada"));
      }
      assertThrows(
          IllegalArgumentException.class,
          () ->
              policy.add(
                  new PolicyEntry.Terms("/opt/x", "No Engine", ANYWHERE, Optional.empty(), ""),
                  "ada"));
      assertEquals(0, policy.all().version());
    }
  }
}
