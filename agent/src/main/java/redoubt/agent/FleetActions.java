package redoubt.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.fleet.FleetPlace;
import redoubt.agent.fleet.RemoteActions;
import redoubt.agent.isolation.Peer;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.FleetMessage.Action;

/// Does on this host what operators of its fleet want.
///
/// A scan is the command `redoubt scan`, in a process of its own that gives way to everybody.
///
/// @param isolation cuts this host off, and writes it down
/// @param spawner starts the scan
record FleetActions(IsolationRequests isolation, Spawner spawner, AgentPaths paths)
    implements RemoteActions {
  private static final Duration SCAN_LIMIT = Duration.ofHours(6);
  private static final int NOTHING_FOUND = 0;
  private static final int FOUND = 1;
  private static final int MOST_TOLD_CHARS = 500;

  @Override
  public String carryOut(FleetMessage.Action action, String operator, FleetPlace server)
      throws IOException {
    return switch (action) {
      case Action.Isolate(int seconds) ->
          isolate(new ControlRequest.Isolate(seconds, peers(server)), operator);
      case Action.EndIsolation() -> isolate(new ControlRequest.Isolate(0, List.of()), operator);
      case Action.Scan(var files) -> scan(files);
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

  private String scan(List<String> files) throws IOException {
    for (String file : files) {
      if (!file.startsWith("/") || file.matches("(?s).*[\\t\\n].*")) {
        throw new IOException("no absolute path: path=" + file);
      }
    }
    Path output = paths.commandOutput("fleet-scan");
    List<String> command = new ArrayList<>(List.of("/usr/bin/env"));
    paths.environment().forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(List.of("/usr/bin/nice", "-n", "19"));
    command.add(paths.home().resolve("redoubt").toString());
    command.addAll(List.of("scan", "--"));
    command.addAll(files);
    try {
      int status = spawner.run(command, output, SCAN_LIMIT);
      String said = Files.readString(output, StandardCharsets.UTF_8).strip();
      String end = said.substring(Math.max(0, said.length() - MOST_TOLD_CHARS));
      if (status != NOTHING_FOUND && status != FOUND) {
        throw new IOException("the scan failed: status=" + status + " " + end);
      }
      return (status == FOUND ? "something was found: " : "nothing was found: ") + end;
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
