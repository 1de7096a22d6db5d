package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.agent.journal.JournalLine;
import redoubt.agent.policy.ExceptionEntry;
import redoubt.agent.policy.ExceptionsFile;
import redoubt.agent.policy.PolicyException;
import redoubt.core.wire.ControlRequest;

/// `redoubt trust learn`.
@Command(
    name = "learn",
    description = {
      "Trust what application control has met and would deny.",
      "",
      "For a host that is known to be clean: run it for a while with --app-control audit, look at"
          + " what this shows, and add it with --add. Each file is trusted by its content. What lies"
          + " below a directory of your own that only root can write is better trusted by that"
          + " directory: redoubt trust add."
    })
final class TrustLearnCommand extends Subcommand {
  private static final int MOST_COMMENT = 200;

  @Option(
      names = "--since",
      paramLabel = "T",
      description = "How far to look back: 90m, 12h, 7d. Default: all that the journal has.")
  private String since = "";

  @Option(names = "--add", description = "Add it. Default: only show it.")
  private boolean add;

  TrustLearnCommand(Session session) {
    super(session);
  }

  /// What was met.
  private static final class Met {
    private final Map<String, String> pathByHash = new LinkedHashMap<>();
    private int withoutHash;
  }

  @Override
  public Integer call() {
    JournalAccess.require(session());
    Instant from = since.isEmpty() ? Instant.EPOCH : start();
    try {
      Met met = met(from);
      List<ExceptionEntry> added = add ? added(met) : List.of();
      String when =
          added.isEmpty() ? "" : PolicyChanges.tell(session(), new ControlRequest.ReloadPolicy());
      if (wantsJson()) {
        terminal().json(json(met, added));
      } else {
        print(met, added, when);
      }
      return ExitCode.OK;
    } catch (IOException e) {
      throw JournalAccess.problem(session(), e);
    } catch (PolicyException e) {
      throw PolicyChanges.problem(e);
    }
  }

  /// The same words as for ends, counted backwards.
  private Instant start() {
    Instant now = session().clock().instant();
    return Times.parseEnd(since, now, session().clock().getZone())
        .filter(end -> end.isAfter(now))
        .map(end -> now.minus(ChronoUnit.MILLIS.between(now, end), ChronoUnit.MILLIS))
        .orElseThrow(
            () -> new Problem(ExitCode.USAGE, "not a time: since=" + since, "say 90m, 12h or 7d"));
  }

  private Met met(Instant from) throws IOException {
    Met met = new Met();
    session()
        .journal()
        .newestFirst(line -> {
          if (line.timeMillis() < from.toEpochMilli()) {
            return false;
          }
          if (isMeant(line)) {
            if (line.sha256().isEmpty()) {
              met.withoutHash++;
            } else {
              met.pathByHash.putIfAbsent(line.sha256(), line.path());
            }
          }
          return true;
        });
    return met;
  }

  /// What was denied and excepted is of no concern here: the owner has decided.
  private static boolean isMeant(JournalLine line) {
    return line.kind() == JournalLine.Kind.DECISION
        && line.engine().equals(TrustCommands.ENGINE)
        && line.exception().isEmpty();
  }

  private List<ExceptionEntry> added(Met met) throws PolicyException {
    List<ExceptionsFile.Proposal> proposals = new ArrayList<>();
    met.pathByHash.forEach((hash, path) ->
        proposals.add(
            new ExceptionsFile.Proposal(hash, ExceptionEntry.EVERY_ENGINE, null, comment(path))));
    return session()
        .trusted()
        .add(
            proposals,
            ProcessUser.loginId(),
            session().clock().instant().truncatedTo(ChronoUnit.SECONDS));
  }

  private static String comment(String path) {
    String text = "learnt from " + Printable.of(path);
    return text.length() <= MOST_COMMENT ? text : text.substring(0, MOST_COMMENT);
  }

  private void print(Met met, List<ExceptionEntry> added, String when) {
    met.pathByHash.forEach(
        (hash, path) -> terminal().line(hash.substring(0, 16) + "  " + Printable.of(path)));
    int count = met.pathByHash.size();
    String files = count == 1 ? "1 file" : count + " files";
    terminal()
        .line(
            add
                ? added.size() + " added of " + files + ", the others were trusted already"
                : files + " would be trusted: redoubt trust learn --add");
    if (met.withoutHash > 0) {
      terminal()
          .line(
              met.withoutHash + " decisions were made without a digest and cannot be learnt from");
    }
    if (!when.isEmpty()) {
      terminal().line(when);
    }
  }

  private static ObjectNode json(Met met, List<ExceptionEntry> added) {
    ObjectNode node = object();
    ArrayNode files = node.putArray("met");
    met.pathByHash.forEach((hash, path) -> files.addObject().put("sha256", hash).put("path", path));
    node.put("withoutDigest", met.withoutHash);
    ArrayNode entries = node.putArray("added");
    added.forEach(entry -> entries.add(EntryCommands.json(entry)));
    return node;
  }
}
