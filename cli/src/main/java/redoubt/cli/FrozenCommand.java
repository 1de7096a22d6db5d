package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import redoubt.agent.response.FrozenList;
import redoubt.agent.response.FrozenProcess;
import redoubt.cli.Table.Cell;

/// `redoubt frozen`.
@Command(
    name = "frozen",
    description = {
      "Show the processes that are stopped on an engine's wish.",
      "",
      "redoubt thaw lets them go on."
    })
final class FrozenCommand extends Subcommand {
  FrozenCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    List<FrozenProcess> frozen = read();
    if (wantsJson()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (FrozenProcess each : frozen) {
        array
            .addObject()
            .put("freeze", each.id())
            .put("pid", each.pid())
            .put("engine", each.engine())
            .put("rule", each.rule())
            .put("image", each.image());
      }
      terminal().json(array);
    } else if (frozen.isEmpty()) {
      terminal().line("no process is frozen");
    } else {
      Table table = new Table("FREEZE", "PID", "ENGINE", "RULE", "PROGRAM");
      for (FrozenProcess each : frozen) {
        table.add(
            Cell.of(each.id()),
            Cell.of(each.pid()),
            Cell.of(each.engine()),
            Cell.of(each.rule()),
            Cell.of(each.image()));
      }
      table.print(terminal());
    }
    return ExitCode.OK;
  }

  private List<FrozenProcess> read() {
    try {
      return FrozenList.read(session().directories().run());
    } catch (IOException e) {
      throw new Problem(
          ExitCode.PERMISSION,
          "the list of frozen processes cannot be read: " + e.getMessage(),
          "try as root");
    }
  }
}
