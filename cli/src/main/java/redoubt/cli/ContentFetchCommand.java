package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Terminal.Tone;
import redoubt.core.tuf.TufException;

/// `redoubt content fetch`.
@Command(
    name = "fetch",
    description = {
      "Fetch a bundle from a repository that this host believes, if its vendor and a trial runner have"
          + " signed it and nothing on the way has expired.",
      "",
      "What the network sends is not read as root: this is for any other user. It brings nothing into"
          + " force: redoubt content activate does.",
      "",
      "Exit status 0 if all of them are there, 1 if one is not vouched for."
    })
final class ContentFetchCommand extends Subcommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "TARGET",
      description = "VENDOR/ENGINE/NAME-VERSION.bundle, as its vendor publishes it.")
  private List<String> targets = new ArrayList<>();

  @Option(
      names = {"--directory", "-d"},
      paramLabel = "DIR",
      description = "Where to. Default: this folder.")
  private Path directory = Path.of("");

  @Option(
      names = "--metadata-dir",
      paramLabel = "DIR",
      description =
          "Where what was seen of repositories is kept, so that nobody shows this host an older"
              + " state. Default: redoubt/trust below $XDG_STATE_HOME or ~/.local/state.")
  private @Nullable Path metadata;

  ContentFetchCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    if (ProcessUser.isRoot()) {
      throw new Problem(
          ExitCode.PERMISSION,
          "what the network sends is not read as root",
          "run it as another user, such as: sudo -u nobody redoubt content fetch -d /tmp"
              + " --metadata-dir /tmp/redoubt-trust TARGET");
    }
    return RepositoryWork.with(() -> fetch(metadata == null ? defaultMetadata() : metadata));
  }

  private static Path defaultMetadata() {
    Map<String, String> environment = System.getenv();
    String state = environment.get("XDG_STATE_HOME");
    Path home = Path.of(environment.getOrDefault("HOME", "/"));
    return (state == null ? home.resolve(".local/state") : Path.of(state)).resolve("redoubt/trust");
  }

  private int fetch(Path state) throws IOException, TufException {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    int status = ExitCode.OK;
    try (ContentFetch fetch =
        new ContentFetch(TrustRootCommands.of(session()).read(), state, session().clock())) {
      for (String target : targets) {
        ContentFetch.Outcome outcome = fetch.fetch(target, directory);
        if (outcome.file() == null) {
          status = ExitCode.NO;
        }
        if (wantsJson()) {
          array.add(json(outcome));
        } else {
          print(outcome);
        }
      }
    }
    if (wantsJson()) {
      terminal().json(array);
    }
    return status;
  }

  private static ObjectNode json(ContentFetch.Outcome outcome) {
    ObjectNode node = object().put("target", outcome.target());
    node.put("fetched", outcome.file() != null);
    if (outcome.file() == null) {
      return node.put("problem", outcome.problem());
    }
    return node.put("repository", outcome.repository()).put("file", outcome.file().toString());
  }

  private void print(ContentFetch.Outcome outcome) {
    if (outcome.file() == null) {
      terminal()
          .line(
              terminal().paint(Tone.BAD, "not fetched")
                  + ": "
                  + Printable.of(outcome.target() + ": " + outcome.problem()));
      terminal().line("fix: " + outcome.fix());
    } else {
      terminal()
          .line(
              terminal().paint(Tone.GOOD, "fetched")
                  + ": "
                  + Printable.of(outcome.file() + " from " + outcome.repository()));
    }
  }
}
