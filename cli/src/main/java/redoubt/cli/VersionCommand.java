package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import redoubt.core.wire.WireLimits;

/// `redoubt version`.
@Command(name = "version", description = "Show the version of this command and what it speaks.")
final class VersionCommand extends Subcommand {
  VersionCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    if (wantsJson()) {
      ObjectNode node = object();
      node.put("version", Main.Version.text());
      node.put("java", Runtime.version().toString());
      node.put("protocolVersion", WireLimits.PROTOCOL_VERSION);
      terminal().json(node);
    } else {
      terminal().line("redoubt " + Main.Version.text());
      terminal().line("Java " + Runtime.version());
      terminal().line("engine protocol " + WireLimits.PROTOCOL_VERSION);
    }
    return ExitCode.OK;
  }
}
