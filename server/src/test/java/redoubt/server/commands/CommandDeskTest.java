package redoubt.server.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.core.model.HostId;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.FleetMessage.Action;
import redoubt.core.wire.HostMessage;
import redoubt.server.made.MadeFleet;
import redoubt.server.made.Storage;
import redoubt.server.made.TalkingHost;
import redoubt.server.store.HostCommand;
import redoubt.server.store.RefusedException;

/// Commands on their way to hosts that come and go, with a whole server and a time that is made.
@ParameterizedClass
@EnumSource
class CommandDeskTest {
  @Parameter Storage storage;
  @TempDir Path folder;

  private static HostId id(TalkingHost host) {
    return HostId.parse(host.id());
  }

  private static List<Long> ids(TalkingHost host) {
    return host.commands().stream().map(FleetMessage.Command::id).toList();
  }

  private static HostCommand newest(MadeFleet fleet, TalkingHost host) {
    return fleet.server().commands().newest(id(host), 1).getFirst();
  }

  @Test
  void aHostIsToldUntilItHasSaidWhatBecameOfIt() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 2)) {
      TalkingHost host = fleet.hosts().getFirst();
      fleet.pass(5);
      fleet.server().commands().order(id(host), new Action.Isolate(60), "ada");
      assertTrue(fleet.passUntil(() -> ids(host).equals(List.of(1L))));
      assertEquals("ada", host.commands().getFirst().operator());
      fleet.restart();
      assertTrue(fleet.passUntil(() -> ids(host).equals(List.of(1L, 1L))));
      host.say(new HostMessage.CommandOutcome(1, true, "isolated"));
      assertTrue(fleet.passUntil(() -> newest(fleet, host).outcome().isPresent()));
      host.say(new HostMessage.CommandOutcome(1, false, "not at all"));
      fleet.pass(10);
      assertEquals("isolated", newest(fleet, host).outcome().orElseThrow().text());
      fleet.restart();
      fleet.pass(10);
      assertEquals(List.of(1L, 1L), ids(host));
      assertEquals(List.of(), fleet.hosts().getLast().commands(), "it was not for this one");
      assertTrue(
          fleet.server().audit().newest(Long.MAX_VALUE, 100).stream()
              .anyMatch(entry -> entry.action().equals("command.done")));
    }
  }

  @Test
  void whoeverComesBackAfterADayIsNotTold() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 1)) {
      TalkingHost host = fleet.hosts().getFirst();
      fleet.pass(5);
      host.disconnect();
      fleet.server().commands().order(id(host), new Action.EndIsolation(), "ada");
      fleet.jump(25 * 3600);
      host.connect(fleet.server().hostPort());
      assertTrue(fleet.passUntil(() -> !host.policies().isEmpty()), "it is there again");
      fleet.pass(10);
      assertEquals(List.of(), host.commands());
      assertTrue(newest(fleet, host).outcome().isEmpty());
    }
  }

  @Test
  void nobodyAnswersForAnotherAndNothingPilesUp() throws Exception {
    try (MadeFleet fleet = new MadeFleet(storage.settings(folder, 0), 2)) {
      TalkingHost host = fleet.hosts().getFirst();
      fleet.pass(5);
      host.disconnect();
      for (int i = 0; i < 32; i++) {
        fleet.server().commands().order(id(host), new Action.Scan(List.of("/srv")), "ada");
      }
      assertThrows(
          RefusedException.class,
          () -> fleet.server().commands().order(id(host), new Action.EndIsolation(), "ada"));
      fleet.hosts().getLast().say(new HostMessage.CommandOutcome(1, true, "of course"));
      fleet.pass(10);
      assertTrue(newest(fleet, host).outcome().isEmpty());
      assertThrows(
          IllegalArgumentException.class,
          () -> fleet.server().commands().order(id(host), new Action.Isolate(0), "ada"));
    }
  }
}
