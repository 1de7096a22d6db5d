package redoubt.agent.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.FleetMessage.Action;
import redoubt.core.wire.HostMessage;
import redoubt.core.wire.HostMessage.CommandOutcome;

class CommandQueueTest implements RemoteActions {
  @TempDir Path folder;

  private final BlockingQueue<HostMessage> said = new LinkedBlockingQueue<>();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final CountDownLatch slow = new CountDownLatch(1);

  private static KeptMembership membership(int enrolment) {
    return new KeptMembership(
        new Membership(new HostId(1, 2), enrolment, Octets.of(new byte[FleetCodec.KEY_BYTES])),
        new FleetPlace("fleet.example", 7_443, Sha256.ofText("authority")),
        Octets.of(new byte[] {1}),
        List.of(Octets.of(new byte[] {4})),
        false);
  }

  private CommandQueue open(int enrolment) throws Exception {
    return CommandQueue.open(
        folder,
        membership(enrolment),
        this,
        (_, subject, text) -> notices.add(subject + ": " + text),
        said::add);
  }

  @Override
  public Result carryOut(Action action, String operator, FleetPlace server) throws IOException {
    done.add(operator + " " + action);
    return switch (action) {
      case Action.Isolate _ -> Result.of("isolated\nfor a while");
      case Action.TakeBack(var engine) -> Result.of("taken back: " + engine);
      case Action.Collect _ ->
          new Result(
              "1 file",
              Optional.of(Files.writeString(folder.resolve("collected.zip"), "x".repeat(70_000))));
      case Action.EndIsolation _ -> throw new IOException("nft is not there");
      case Action.Scan _ -> {
        try {
          slow.await();
        } catch (InterruptedException e) {
          throw new IOException("interrupted", e);
        }
        throw new IllegalStateException("a bug");
      }
    };
  }

  private static FleetMessage.Command command(long id, Action action) {
    return new FleetMessage.Command(id, "ada", action);
  }

  private CommandOutcome next() throws InterruptedException {
    return (CommandOutcome) said.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void eachIsDoneOnceAndToldEachTimeThatItIsAskedFor() throws Exception {
    try (CommandQueue queue = open(1)) {
      queue.take(command(1, new Action.Isolate(60)));
      assertEquals(new CommandOutcome(1, true, "isolated for a while"), next());
      queue.take(command(2, new Action.EndIsolation()));
      assertEquals(new CommandOutcome(2, false, "nft is not there"), next());
      queue.take(command(1, new Action.Isolate(60)));
      assertEquals(new CommandOutcome(1, true, "isolated for a while"), next());
      assertEquals(2, done.size());
      assertTrue(notices.getFirst().startsWith("ada: an operator of the fleet wants: isolate"));
    }
    try (CommandQueue again = open(1)) {
      again.take(command(2, new Action.EndIsolation()));
      assertEquals(new CommandOutcome(2, false, "nft is not there"), next());
      assertEquals(2, done.size(), "also after a restart");
    }
    try (CommandQueue other = open(2)) {
      other.take(command(1, new Action.Isolate(5)));
      assertEquals(1, next().command());
      assertEquals(3, done.size(), "another enrolment counts anew");
    }
  }

  @Test
  void whatIsBeingDoneIsNotBegunAgainAndABugEndsNothingElse() throws Exception {
    try (CommandQueue queue = open(1)) {
      queue.take(command(1, new Action.Scan(List.of("/srv"))));
      queue.take(command(1, new Action.Scan(List.of("/srv"))));
      queue.take(command(2, new Action.TakeBack("sigma")));
      slow.countDown();
      CommandOutcome first = next();
      assertEquals(1, first.command());
      assertTrue(!first.isDone() && first.text().contains("a bug"), first::toString);
      assertEquals(2, next().command());
      assertEquals(2, done.size());
    }
  }

  @Test
  void aHostThatScansForHoursCanBeIsolatedAndNothingIsTakenForDone() throws Exception {
    try (CommandQueue queue = open(1)) {
      queue.take(command(1, new Action.Scan(List.of("/srv"))));
      queue.take(command(2, new Action.Isolate(60)));
      assertEquals(new CommandOutcome(2, true, "isolated for a while"), next());
      queue.take(command(1, new Action.Scan(List.of("/srv"))));
    }
    slow.countDown();
    said.clear();
    try (CommandQueue again = open(1)) {
      again.take(command(1, new Action.Scan(List.of("/srv"))));
      CommandOutcome outcome = next();
      assertEquals(1, outcome.command());
      assertFalse(outcome.isDone(), "it was ended, and not done: " + outcome);
    }
  }

  @Test
  void whatIsCollectedIsDoneWhenTheServerHasAllOfIt() throws Exception {
    try (CommandQueue queue = open(1)) {
      queue.take(command(1, new Action.Collect(List.of("/etc/passwd"))));
      HostMessage.Part first = (HostMessage.Part) said.poll(20, TimeUnit.SECONDS);
      assertEquals(0, first.offset());
      queue.kept(new FleetMessage.PartKept(1, HostMessage.Part.BYTES, ""));
      HostMessage.Part second = (HostMessage.Part) said.poll(20, TimeUnit.SECONDS);
      assertTrue(second.isLast());
      assertEquals(70_000, second.offset() + second.bytes().length());
      queue.kept(new FleetMessage.PartKept(1, 70_000, ""));
      assertEquals(new CommandOutcome(1, true, "1 file"), next());
      assertFalse(Files.exists(folder.resolve("collected.zip")));

      queue.take(command(2, new Action.Collect(List.of("/etc/passwd"))));
      said.poll(20, TimeUnit.SECONDS);
      queue.kept(new FleetMessage.PartKept(2, 0, "no room"));
      assertEquals(new CommandOutcome(2, false, "the server takes no more: no room"), next());
      assertFalse(Files.exists(folder.resolve("collected.zip")));
    }
  }
}
