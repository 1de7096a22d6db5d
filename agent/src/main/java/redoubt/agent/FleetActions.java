package redoubt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import redoubt.agent.fleet.FleetPlace;
import redoubt.agent.fleet.RemoteActions;
import redoubt.agent.isolation.Peer;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.FleetMessage.Action;

/// Does on this host what operators of its fleet want.
///
/// What is not quick is a command of ours, in a process of its own that gives way to everybody.
///
/// @param isolation cuts this host off, and writes it down
/// @param commands runs what is ours
record FleetActions(IsolationRequests isolation, OwnCommands commands, AgentPaths paths)
    implements RemoteActions {
  private static final Duration SCAN_LIMIT = Duration.ofHours(6);
  private static final Duration TAKE_BACK_LIMIT = Duration.ofMinutes(5);
  private static final Duration COLLECT_LIMIT = Duration.ofMinutes(30);
  private static final int DONE = 0;

  /// Of a scan: something was found.
  private static final int NO = 1;

  @Override
  public Result carryOut(FleetMessage.Action action, String operator, FleetPlace server)
      throws IOException {
    return switch (action) {
      case Action.Isolate(int seconds) ->
          Result.of(isolate(new ControlRequest.Isolate(seconds, peers(server)), operator));
      case Action.EndIsolation() ->
          Result.of(isolate(new ControlRequest.Isolate(0, List.of()), operator));
      case Action.Scan(var files) -> Result.of(scan(files));
      case Action.TakeBack(var engine) -> Result.of(takeBack(engine, operator));
      case Action.Collect(var files) -> collect(files);
    };
  }

  /// Whoever wants it has to be able to end it.
  private static List<String> peers(FleetPlace server) throws IOException {
    try {
      return Peer.parse(Peer.Direction.TO, server.address()).stream().map(Peer::toString).toList();
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private String isolate(ControlRequest.Isolate request, String operator) throws IOException {
    return switch (isolation.carryOut(request, "operator=" + operator)) {
      case ControlReply.Done(var message) -> message;
      case ControlReply.Failed(_, var message, var fix) ->
          throw new IOException(message + " (" + fix + ")");
      default -> throw new IllegalStateException("no answer about isolation");
    };
  }

  /// What is passed on goes through a pipe of lines.
  private static void requirePaths(List<String> files) throws IOException {
    for (String file : files) {
      if (!file.startsWith("/") || file.matches("(?s).*[\\t\\n].*")) {
        throw new IOException("no absolute path: path=" + file);
      }
    }
  }

  private String scan(List<String> files) throws IOException {
    requirePaths(files);
    List<String> arguments = new ArrayList<>(List.of("scan", "--"));
    arguments.addAll(files);
    OwnCommands.Ended ended = command(arguments, SCAN_LIMIT);
    if (ended.status() != DONE && ended.status() != NO) {
      throw new IOException("the scan failed: status=" + ended.status() + " " + ended.said());
    }
    return (ended.status() == NO ? "something was found: " : "nothing was found: ") + ended.said();
  }

  private Result collect(List<String> files) throws IOException {
    requirePaths(files);
    Path archive = paths.fleet().resolve("collected.zip");
    Files.deleteIfExists(archive);
    List<String> arguments =
        new ArrayList<>(List.of("collect", "--output", archive.toString(), "--"));
    arguments.addAll(files);
    OwnCommands.Ended ended = command(arguments, COLLECT_LIMIT);
    if (ended.status() != DONE) {
      Files.deleteIfExists(archive);
      throw new IOException(ended.said());
    }
    return new Result(ended.said(), Optional.of(archive));
  }

  private String takeBack(String engine, String operator) throws IOException {
    OwnCommands.Ended ended =
        command(
            List.of("content", "rollback", "--reason", "operator=" + operator, "--", engine),
            TAKE_BACK_LIMIT);
    if (ended.status() != DONE) {
      throw new IOException(ended.said());
    }
    return ended.said();
  }

  private OwnCommands.Ended command(List<String> arguments, Duration limit) throws IOException {
    return commands.run("fleet", arguments, limit);
  }
}
