package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.wire.EnrolmentToken;
import redoubt.core.wire.HostInventory;
import redoubt.courier.FleetClient;
import redoubt.courier.HostKey;

/// The server of a fleet as its owner runs it, and the commands that ask it.
class FleetServeTest {
  private static final int NO_ANSWER = 3;
  private static final int PERMISSION = 4;
  private static final String PAYLOAD = "\"payload\" : \"";
  private static final int FAILED = 5;
  private static final HostInventory INVENTORY =
      new HostInventory("web-1", "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0");

  @TempDir Path scratch;

  @Test
  void aFleetIsServedAskedKilledAndServedAgain() throws Exception {
    try (ServedFleet fleet = ServedFleet.start(scratch.resolve("fleet"), "--hosts=127.0.0.1:0")) {
      Path owner = fleet.owner();
      assertEquals(1, ServedFleet.as(owner, "hosts").status(), "none yet");
      String id = takeIn(fleet);
      Path viewer = letIn("eve", owner);
      assertEquals(id, ServedFleet.jsonAs(viewer, "hosts").path(0).path("id").asText());
      Outcome refused = ServedFleet.as(viewer, "revoke", "web-1");
      assertEquals(PERMISSION, refused.status(), refused::output);
      assertTrue(refused.output().contains("needs the role operator"), refused::output);

      fleet.kill();
      Outcome nobody = ServedFleet.as(owner, "hosts");
      assertEquals(NO_ANSWER, nobody.status(), nobody::output);
      assertTrue(nobody.output().contains("cannot be reached"), nobody::output);

      // Its port is another then; the owner's file follows.
      fleet.startAgain();
      assertEquals(id, ServedFleet.jsonAs(owner, "hosts").path(0).path("id").asText());
      ServedFleet.as(owner, "operators", "remove", "eve").requireSuccess();
      ServedFleet.as(owner, "revoke", id, "--reason", "lost").requireSuccess();
      assertTrue(ServedFleet.as(owner, "hosts").output().contains("cast out"));
      assertEquals(
          List.of(
              "host.revoke",
              "operator.remove",
              "operator.put",
              "host.enrol",
              "token.make",
              "operator.put"),
          actions(owner));
      assertTrue(fleet.stop(), "ends when it is asked to");
    }
  }

  private static String takeIn(ServedFleet fleet) throws IOException {
    EnrolmentToken token =
        EnrolmentToken.parse(
            ServedFleet.jsonAs(fleet.owner(), "token", "--site", "berlin", "--class", "laptop")
                .path("token")
                .asText());
    String id;
    try (FleetClient stranger =
        FleetClient.stranger(
            new FleetClient.Address("127.0.0.1", fleet.hostPort()), token.authority())) {
      id = stranger.enrol(token.secret(), HostKey.make(), INVENTORY).host().toString();
    }
    JsonNode host = ServedFleet.jsonAs(fleet.owner(), "hosts").path(0);
    assertEquals(id, host.path("id").asText());
    assertEquals("berlin", host.path("site").asText());
    assertEquals("laptop", host.path("deviceClass").asText());
    String shown = ServedFleet.as(fleet.owner(), "host", "web-1").requireSuccess().output();
    assertTrue(shown.contains(id) && shown.contains("away"), shown);
    return id;
  }

  private Path letIn(String name, Path owner) {
    Path access = scratch.resolve(name + ".json");
    ServedFleet.as(owner, "operators", "add", name, "--role=viewer", "--output", access)
        .requireSuccess();
    return access;
  }

  private static List<String> actions(Path owner) throws IOException {
    List<String> actions = new ArrayList<>();
    ServedFleet.jsonAs(owner, "audit").forEach(entry -> actions.add(entry.path("action").asText()));
    return actions;
  }

  @Test
  void enginesAreComparedSignedAndVerified() throws Exception {
    try (ServedFleet fleet = ServedFleet.start(scratch.resolve("fleet"), "--hosts=127.0.0.1:0")) {
      Path owner = fleet.owner();
      assertEquals(1, ServedFleet.as(owner, "marks", "list").status(), "none yet");
      ServedFleet.as(owner, "marks", "add", "sigma", "Odd shell", "/opt/x", "--comment", "ours")
          .requireSuccess();
      JsonNode mark = ServedFleet.jsonAs(owner, "marks", "list").path(0);
      assertEquals("/opt/x", mark.path("subject").asText());
      Outcome refused =
          ServedFleet.as(letIn("eve", owner), "marks", "remove", mark.path("id").asText());
      assertEquals(PERMISSION, refused.status(), refused::output);
      ServedFleet.as(owner, "marks", "remove", mark.path("id").asText()).requireSuccess();

      Path card = scratch.resolve("engines.json");
      Path key = scratch.resolve("fleet.pub");
      Outcome exported = ServedFleet.as(owner, "engines", "--export", card, "--export-key", key);
      assertEquals(1, exported.status(), "no host has told of any: " + exported.output());
      Outcome good =
          Outcome.of(Distribution.frontDoor(), "scorecard", "verify", card, "--key", key);
      assertEquals(0, good.status(), good::output);
      assertTrue(good.output().contains("\"days\""), good::output);
      String signed = Files.readString(card);
      int inPayload = signed.indexOf(PAYLOAD) + PAYLOAD.length() + 5;
      char other = signed.charAt(inPayload) == 'A' ? 'B' : 'A';
      Files.writeString(
          card, signed.substring(0, inPayload) + other + signed.substring(inPayload + 1));
      Outcome forged =
          Outcome.of(Distribution.frontDoor(), "scorecard", "verify", card, "--key", key);
      assertEquals(1, forged.status(), forged::output);
      assertTrue(forged.output().contains("not a scorecard that this key signed"), forged::output);
      Files.writeString(card, "no JSON at all");
      Outcome damaged =
          Outcome.of(Distribution.frontDoor(), "scorecard", "verify", card, "--key", key);
      assertEquals(1, damaged.status(), damaged::output);
      assertTrue(damaged.output().contains("not a signed document"), damaged::output);
      JsonNode audit = ServedFleet.jsonAs(owner, "audit");
      assertTrue(audit.toString().contains("engines.export"), audit::toString);
    }
  }

  @Test
  void twoServersInOneFolderAreOneTooMany() throws Exception {
    Path folder = scratch.resolve("fleet");
    try (ServedFleet _ = ServedFleet.start(folder, "--hosts=127.0.0.1:0")) {
      Outcome second =
          Outcome.of(
              Distribution.frontDoor(),
              "fleet",
              "serve",
              "--folder",
              folder,
              "--hosts=127.0.0.1:0",
              "--people=127.0.0.1:0");
      assertEquals(FAILED, second.status(), second::output);
      assertTrue(second.output().contains("another server"), second::output);
    }
  }
}
