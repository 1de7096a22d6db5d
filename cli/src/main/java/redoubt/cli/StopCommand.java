package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// `redoubt stop`.
@Command(
    name = "stop",
    description = {
      "Stop the agent in order: whatever waits goes on, then protection ends. Needs root.",
      "",
      "Returns when the agent has ended. Asks for the owner's passphrase where they chose one: see"
          + " redoubt seal."
    })
final class StopCommand extends Subcommand {
  private static final long PATIENCE_SECONDS = 15;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for the journal.",
      defaultValue = "redoubt stop")
  private String reason = "redoubt stop";

  @Mixin private PassphraseSource passphrase = new PassphraseSource();

  StopCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    ControlReply.Status status = session().agent().status();
    String words = status.seal().needsPassphrase() ? passphrase.ask() : "";
    session().agent().change(new ControlRequest.Stop(reason, words));
    awaitEnd(status.pid());
    if (wantsJson()) {
      ObjectNode node = object();
      node.put("stopped", true);
      node.put("pid", status.pid());
      terminal().json(node);
    } else {
      terminal().line("stopped: pid=" + status.pid());
    }
    return ExitCode.OK;
  }

  private static void awaitEnd(int pid) {
    var process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return;
    }
    try {
      process.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException _) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the agent still runs: pid=" + pid + " seconds=" + PATIENCE_SECONDS,
          "redoubt rescue off frees the host for certain");
    } catch (ExecutionException e) {
      throw new IllegalStateException("the agent's end cannot be awaited: pid=" + pid, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
