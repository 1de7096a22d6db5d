package redoubt.server.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.wire.FleetMessage.Action;
import redoubt.core.wire.HostMessage;
import redoubt.server.made.MadeFleet;
import redoubt.server.made.Storage;
import redoubt.server.made.TalkingHost;

/// What hosts bring, with a whole server.
class CollectDeskTest {
  private static final int PART = 60_000;

  @TempDir Path folder;

  private MadeFleet fleet() throws Exception {
    return new MadeFleet(Storage.FILE.settings(folder, 0), 2);
  }

  private static HostId id(TalkingHost host) {
    return HostId.parse(host.id());
  }

  private static long order(MadeFleet fleet, TalkingHost host) {
    return fleet
        .server()
        .commands()
        .order(id(host), new Action.Collect(List.of("/etc/passwd")), "ada")
        .id();
  }

  private static void say(TalkingHost host, long command, byte[] all, int from, int to) {
    byte[] bytes = Arrays.copyOfRange(all, from, to);
    host.say(new HostMessage.Part(command, from, Octets.of(bytes), to == all.length));
  }

  private static boolean answered(MadeFleet fleet, TalkingHost host, int answers) throws Exception {
    return fleet.passUntil(() -> host.parts().size() == answers);
  }

  private static byte[] made(int bytes) {
    byte[] content = new byte[bytes];
    new Random(1).nextBytes(content);
    return content;
  }

  @Test
  void whatWasAskedForIsTakenPartByPartAndNobodyElseReadsIt() throws Exception {
    byte[] all = made(2 * PART);
    try (MadeFleet fleet = fleet()) {
      TalkingHost host = fleet.hosts().getFirst();
      fleet.pass(5);
      long command = order(fleet, host);
      say(host, command, all, 0, PART);
      assertTrue(answered(fleet, host, 1));
      say(host, command, all, 0, PART);
      assertTrue(answered(fleet, host, 2));
      assertEquals(PART, host.parts().getLast().next(), "what comes twice is kept once");
      assertTrue(fleet.server().collected().find(id(host), command).isEmpty());
      say(host, command, all, PART, 2 * PART);
      assertTrue(answered(fleet, host, 3));
      Path file = fleet.server().collected().find(id(host), command).orElseThrow();
      assertArrayEquals(all, Files.readAllBytes(file));
      Path parent = file.getParent();
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(parent)));
    }
  }

  @Test
  void aHostThatComesBackBeginsAnew() throws Exception {
    byte[] all = made(PART + 5);
    try (MadeFleet fleet = fleet()) {
      TalkingHost host = fleet.hosts().getFirst();
      fleet.pass(5);
      long command = order(fleet, host);
      say(host, command, all, 0, PART);
      assertTrue(answered(fleet, host, 1));
      fleet.restart();
      say(host, command, all, PART, all.length);
      assertTrue(answered(fleet, host, 2));
      assertEquals(0, host.parts().getLast().next());
      say(host, command, all, 0, PART);
      say(host, command, all, PART, all.length);
      assertTrue(answered(fleet, host, 4));
      assertTrue(fleet.server().collected().find(id(host), command).isPresent());
    }
  }

  @Test
  void whatNobodyAskedForAndWhatIsTooMuchIsNotTaken() throws Exception {
    byte[] part = made(HostMessage.Part.BYTES);
    try (MadeFleet fleet = fleet()) {
      TalkingHost host = fleet.hosts().getFirst();
      TalkingHost other = fleet.hosts().getLast();
      fleet.pass(5);
      long command = order(fleet, host);
      other.say(new HostMessage.Part(command, 0, Octets.of(part), true));
      assertTrue(answered(fleet, other, 1));
      assertFalse(other.parts().getLast().problem().isEmpty());
      fleet.server().commands().order(id(other), new Action.Isolate(60), "ada");
      other.say(new HostMessage.Part(1, 0, Octets.of(part), true));
      assertTrue(answered(fleet, other, 2));
      assertFalse(other.parts().getLast().problem().isEmpty());

      int parts = (18 << 20) / part.length;
      for (int i = 0; i <= parts; i++) {
        host.say(new HostMessage.Part(command, (long) i * part.length, Octets.of(part), false));
      }
      assertTrue(answered(fleet, host, parts + 1));
      assertTrue(host.parts().getLast().problem().contains("too much"), host::toString);
      assertTrue(fleet.server().collected().find(id(host), command).isEmpty());
    }
  }
}
