package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Signed;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.signing.PublishedRepository;
import redoubt.core.tuf.signing.SigningException;

/// `redoubt repository show`.
@Command(
    name = "show",
    description = {
      "Show what a repository publishes, and how long each part of it counts.",
      "",
      "Reads what lies there; whether a host would take it shows when one looks."
    })
final class RepositoryShowCommand extends Subcommand {
  @Parameters(paramLabel = "DIR", description = "Where it is.")
  private Path repository = Path.of("");

  RepositoryShowCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    return RepositoryWork.with(() -> {
      PublishedRepository published = new PublishedRepository(repository);
      Map<String, Signed> roles = roles(published);
      Map<String, Targets> vendors = new TreeMap<>();
      roles.forEach((name, role) -> {
        if (role instanceof Targets targets && !targets.targets().isEmpty()) {
          vendors.put(name, targets);
        }
      });
      if (wantsJson()) {
        terminal().json(json(roles, vendors));
      } else {
        print(roles, vendors);
      }
      return ExitCode.OK;
    });
  }

  private static Map<String, Signed> roles(PublishedRepository published)
      throws IOException, SigningException {
    Map<String, Signed> roles = new LinkedHashMap<>();
    roles.put(
        Root.TYPE,
        published.root().orElseThrow(() -> new SigningException("nothing is published there yet")));
    published.timestamp().ifPresent(found -> roles.put(found.type(), found));
    published.snapshot().ifPresent(found -> roles.put(found.type(), found));
    if (published.snapshot().isPresent()) {
      for (String file : new TreeMap<>(published.snapshot().get().files()).keySet()) {
        String role = file.substring(0, file.length() - ".json".length());
        published.targetsRole(role).ifPresent(found -> roles.put(role, found));
      }
    }
    return roles;
  }

  private ObjectNode json(Map<String, Signed> roles, Map<String, Targets> vendors) {
    ObjectNode node = object();
    ArrayNode all = node.putArray("roles");
    roles.forEach((name, role) ->
        all.addObject()
            .put("name", name)
            .put("version", role.version())
            .put("expires", role.expires().toString())
            .put("expired", isOver(role.expires())));
    ArrayNode targets = node.putArray("targets");
    vendors.forEach((name, role) ->
        new TreeMap<>(role.targets())
            .forEach((path, file) ->
                targets
                    .addObject()
                    .put("path", path)
                    .put("role", name)
                    .put("sizeBytes", file.length())
                    .put("sha256", file.digests().values().get("sha256"))));
    return node;
  }

  private boolean isOver(Instant expires) {
    return !session().clock().instant().isBefore(expires);
  }

  private void print(Map<String, Signed> roles, Map<String, Targets> vendors) {
    Table table = new Table("ROLE", "VERSION", "COUNTS UNTIL");
    roles.forEach((name, role) -> {
      String end = Times.local(role.expires(), session().clock().getZone());
      table.add(
          Cell.of(name),
          Cell.of(role.version()),
          isOver(role.expires()) ? Cell.of(end + ", over", Tone.BAD) : Cell.of(end));
    });
    table.print(terminal());
    terminal().line("");
    Table targets = new Table("BUNDLE", "BYTES");
    vendors
        .values()
        .forEach(role ->
            new TreeMap<>(role.targets())
                .forEach((path, file) -> targets.add(Cell.of(path), Cell.of(file.length()))));
    targets.print(terminal());
  }
}
