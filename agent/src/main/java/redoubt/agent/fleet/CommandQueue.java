package redoubt.agent.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Notices;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.core.wire.WireLimits;

/// What operators of the fleet want to be done here: none twice, and the server is told what became
/// of each until it has heard it. What is quick is done one after the other, and so is what may
/// take long, beside it: a host that scans for hours can be isolated. Thread-safe.
final class CommandQueue implements AutoCloseable {
  private static final int FILE_BYTES = 64 * 1024;
  private static final int MOST_KEPT = 16;
  private static final int MOST_WAITING = 32;

  private final EnrolmentFile file;
  private final KeptMembership membership;
  private final RemoteActions actions;
  private final Notices notices;
  private final Consumer<HostMessage> say;
  private final ThreadPoolExecutor quick = lane("fleet-commands");
  private final ThreadPoolExecutor slow = lane("fleet-work");
  private final PartSender parts;

  private final Set<Long> waiting = new HashSet<>();

  /// What became of the last ones.
  private final SequencedMap<Long, HostMessage.CommandOutcome> outcomes;

  private CommandQueue(
      EnrolmentFile file,
      KeptMembership membership,
      SequencedMap<Long, HostMessage.CommandOutcome> outcomes,
      RemoteActions actions,
      Notices notices,
      Consumer<HostMessage> say) {
    this.file = file;
    this.membership = membership;
    this.outcomes = outcomes;
    this.actions = actions;
    this.notices = notices;
    this.say = say;
    parts = new PartSender(say);
  }

  private static ThreadPoolExecutor lane(String name) {
    return new ThreadPoolExecutor(
        0,
        1,
        1,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(MOST_WAITING),
        Thread.ofPlatform().name(name).daemon().factory());
  }

  /// Goes on with what was kept for this enrolment.
  ///
  /// @param folder where it is kept what became of them
  /// @param say tells the server, if there is a connection
  /// @throws PolicyException if another user could have written what is kept
  static CommandQueue open(
      Path folder,
      KeptMembership membership,
      RemoteActions actions,
      Notices notices,
      Consumer<HostMessage> say)
      throws PolicyException {
    EnrolmentFile file =
        new EnrolmentFile(folder.resolve("commands"), "redoubt commands 1", FILE_BYTES);
    return new CommandQueue(
        file, membership, parse(file.read(membership.own())), actions, notices, say);
  }

  /// What cannot be read is as nothing: it is done once more.
  private static SequencedMap<Long, HostMessage.CommandOutcome> parse(List<String> lines) {
    SequencedMap<Long, HostMessage.CommandOutcome> all = new LinkedHashMap<>();
    for (String line : lines) {
      String[] parts = line.split(" ", 3);
      if (parts.length == 3 && parts[0].matches("[0-9]{1,18}")) {
        long id = Long.parseLong(parts[0]);
        all.put(id, new HostMessage.CommandOutcome(id, parts[1].equals("done"), parts[2]));
      }
    }
    return all;
  }

  /// Takes one; whoever hears the server is not kept.
  synchronized void take(FleetMessage.Command command) {
    HostMessage.@Nullable CommandOutcome before = outcomes.get(command.id());
    if (before != null) {
      say.accept(before);
      return;
    }
    if (waiting.contains(command.id())) {
      return;
    }
    // Before so many are kept none is forgotten.
    if (outcomes.size() >= MOST_KEPT && command.id() < outcomes.firstEntry().getKey()) {
      say.accept(
          new HostMessage.CommandOutcome(command.id(), true, "this was dealt with long ago"));
      return;
    }
    try {
      (RemoteActions.takesLong(command.action()) ? slow : quick).execute(() -> carryOut(command));
      waiting.add(command.id());
    } catch (RejectedExecutionException _) {
      // It is told again at the next connection.
    }
  }

  /// The server has kept a part of what was collected.
  void kept(FleetMessage.PartKept part) {
    parts.kept(part);
  }

  private void carryOut(FleetMessage.Command command) {
    notices.report(
        PlatformNotice.Kind.FLEET,
        command.operator(),
        "an operator of the fleet wants: " + words(command.action()) + " command=" + command.id());
    boolean isDone = false;
    String text;
    try {
      RemoteActions.Result result =
          actions.carryOut(command.action(), command.operator(), membership.place());
      if (result.file().isPresent()) {
        bring(command.id(), result.file().get());
      }
      text = result.text();
      isDone = true;
    } catch (IOException e) {
      text = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      // Whatever a command makes this thread stumble over ends the command, not the agent.
      text = e.toString();
    }
    HostMessage.CommandOutcome outcome =
        new HostMessage.CommandOutcome(command.id(), isDone, oneLine(text));
    keep(outcome);
    say.accept(outcome);
  }

  private void bring(long command, Path file) throws IOException {
    try {
      parts.send(command, file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static String words(FleetMessage.Action action) {
    return switch (action) {
      case FleetMessage.Action.Isolate(int seconds) -> "isolate for " + seconds + " s";
      case FleetMessage.Action.EndIsolation() -> "end isolation";
      case FleetMessage.Action.Scan(var paths) -> "scan " + String.join(" ", paths);
      case FleetMessage.Action.TakeBack(var engine) -> "take back " + engine;
      case FleetMessage.Action.Collect(var paths) -> "collect " + String.join(" ", paths);
    };
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.substring(0, Math.min(line.length(), WireLimits.REASON_CHARS));
  }

  private synchronized void keep(HostMessage.CommandOutcome outcome) {
    waiting.remove(outcome.command());
    outcomes.put(outcome.command(), outcome);
    while (outcomes.size() > MOST_KEPT) {
      outcomes.pollFirstEntry();
    }
    try {
      file.write(membership.own(), outcomes.values().stream().map(CommandQueue::line).toList());
    } catch (IOException e) {
      notices.report(
          PlatformNotice.Kind.FLEET,
          "commands",
          "it cannot be written down what became of one: " + PrivateFile.reasonOf(e));
    }
  }

  private static String line(HostMessage.CommandOutcome outcome) {
    return outcome.command() + (outcome.isDone() ? " done " : " failed ") + outcome.text();
  }

  @Override
  public void close() {
    quick.shutdownNow();
    slow.shutdownNow();
  }
}
