package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.policy.ExceptionEntry;
import redoubt.agent.policy.ExceptionsFile;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.quarantine.QuarantineException;
import redoubt.agent.quarantine.QuarantinedFile;
import redoubt.agent.quarantine.Vault;
import redoubt.cli.Table.Cell;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Errno;
import redoubt.core.model.Octets;
import redoubt.core.wire.ControlRequest;

/// `redoubt quarantine` and what is below it. Giving back and deleting needs no agent; while one
/// runs, it does it, so that no engine stands in the way and the journal says so.
final class QuarantineCommands {
  private static final String ALL = "all";

  private QuarantineCommands() {}

  /// `redoubt quarantine`.
  @Command(
      name = "quarantine",
      synopsisSubcommandLabel = "list|add|restore|delete",
      description = {
        "Files that were put away, so that nobody runs them.",
        "",
        "redoubt run --quarantine puts away what engines find, redoubt scan --quarantine what a scan"
            + " finds. Nothing is lost: a file comes back with its name, owner, rights and times."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session,
          "what to do with the quarantine: list, add, restore or delete",
          "redoubt quarantine --help");
    }
  }

  /// `redoubt quarantine list`.
  @Command(name = "list", description = "Show what is in quarantine, and why. Needs root.")
  static final class ListAll extends Subcommand {
    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      List<String> unreadable = new ArrayList<>();
      List<QuarantinedFile> files = filesOf(session(), unreadable);
      if (wantsJson()) {
        ObjectNode node = object();
        ArrayNode array = node.putArray("files");
        files.forEach(file -> array.add(json(file)));
        ArrayNode problems = node.putArray("unreadable");
        unreadable.forEach(problems::add);
        terminal().json(node);
      } else {
        print(files);
        for (String problem : unreadable) {
          terminal()
              .problem(
                  "a record cannot be read, its file stays: " + Printable.of(problem),
                  "look into " + Vault.pathIn(session().directories().state()));
        }
      }
      return unreadable.isEmpty() ? ExitCode.OK : ExitCode.NO;
    }

    private void print(List<QuarantinedFile> files) {
      if (files.isEmpty()) {
        terminal().line("nothing is in quarantine");
        return;
      }
      Table table = new Table("ID", "SINCE", "BY", "RULE", "KB", "PATH");
      for (QuarantinedFile file : files) {
        table.add(
            Cell.of(file.id()),
            Cell.of(Times.local(file.cause().at(), session().clock().getZone())),
            Cell.of(byWhom(file)),
            Cell.of(file.cause().rule().isEmpty() ? "-" : file.cause().rule()),
            Cell.of((file.bytes() + 1023) / 1024),
            Cell.of(
                file.state() == QuarantinedFile.State.HELD
                    ? file.pathText()
                    : file.pathText() + " (under way: " + file.state() + ")"));
      }
      table.print(terminal());
    }

    private static String byWhom(QuarantinedFile file) {
      return file.cause().engine().isEmpty() ? "uid " + file.cause().uid() : file.cause().engine();
    }

    private static ObjectNode json(QuarantinedFile file) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.put("id", file.id());
      node.put("state", file.state().name());
      node.put("path", file.pathText());
      node.put("pathBase64", Base64.getEncoder().encodeToString(file.path().toArray()));
      node.put("sha256", file.sha256() == null ? null : file.sha256().toString());
      node.put("bytes", file.bytes());
      node.put("mode", String.format("%04o", file.properties().mode()));
      node.put("owner", file.properties().uid());
      node.put("group", file.properties().gid());
      node.put("otherNames", file.otherNames());
      node.put("engine", file.cause().engine());
      node.put("rule", file.cause().rule());
      node.put("reason", file.cause().reason());
      node.put("uid", file.cause().uid());
      node.put("at", file.cause().at().toString());
      return node;
    }
  }

  /// `redoubt quarantine add`.
  @Command(
      name = "add",
      description = {
        "Put files into quarantine. Needs root and a running agent.",
        "",
        "Files of the protected set and of Redoubt stay where they are."
      })
  static final class Add extends Subcommand {
    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files.")
    private List<Path> paths = List.of();

    Add(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      return new Results(this).of(paths, this::add);
    }

    private String add(Path path) {
      Path real;
      try {
        real = path.toRealPath();
      } catch (IOException _) {
        throw new Problem(ExitCode.NO, "no such file: path=" + path, "name what is there");
      }
      // What an engine denies can still be named by its place.
      int place = Descriptors.openPlace(RawPath.bytes(real));
      if (place < 0) {
        throw new Problem(
            ExitCode.NO,
            "cannot be reached: path=" + path + " error=" + Errno.name(place),
            "see whether it is there");
      }
      try {
        return session().agent().patient().change(new ControlRequest.PutAway(), place);
      } finally {
        Descriptors.close(place);
      }
    }
  }

  /// What restore and delete have in common.
  abstract static class OfFiles extends Subcommand {
    @Parameters(
        arity = "1..*",
        paramLabel = "ID|all",
        hideParamSyntax = true,
        description = "Which ones, by the numbers that redoubt quarantine list shows.")
    private List<String> ids = List.of();

    @Option(
        names = "--engine",
        paramLabel = "E",
        description = "With all: only what this engine had put away.")
    private @Nullable String engine;

    @Option(
        names = "--rule",
        paramLabel = "R",
        description = "With all: only what this rule had put away.")
    private @Nullable String rule;

    OfFiles(Session session) {
      super(session);
    }

    List<QuarantinedFile> chosen() {
      List<QuarantinedFile> files = filesOf(session(), new ArrayList<>());
      if (ids.equals(List.of(ALL))) {
        return files.stream().filter(this::isMeant).toList();
      }
      if (engine != null || rule != null) {
        throw new Problem(ExitCode.USAGE, "--engine and --rule choose among all", "say all");
      }
      return ids.stream().distinct().map(id -> find(files, id)).toList();
    }

    boolean isMeant(QuarantinedFile file) {
      return (engine == null || engine.equals(file.cause().engine()))
          && (rule == null || rule.equals(file.cause().rule()));
    }

    private static QuarantinedFile find(List<QuarantinedFile> files, String id) {
      return files.stream()
          .filter(file -> Long.toString(file.id()).equals(id))
          .findFirst()
          .orElseThrow(() ->
              new Problem(
                  ExitCode.NO,
                  "no such file in quarantine: id=" + id,
                  "redoubt quarantine list shows the numbers"));
    }

    /// Has a running agent do it; where none runs, does it here.
    String carryOut(ControlRequest request, WithoutAgent otherwise) {
      return session()
          .agent()
          .changeOr(
              request,
              () -> {
                try {
                  return otherwise.carryOut(Vault.in(session().directories().state()));
                } catch (QuarantineException e) {
                  throw problem(e);
                }
              });
    }
  }

  @FunctionalInterface
  interface WithoutAgent {
    String carryOut(Vault vault) throws QuarantineException;
  }

  /// `redoubt quarantine restore`.
  @Command(
      name = "restore",
      description = {
        "Give files back, as they were. Needs root.",
        "",
        "What an engine finds again is put away again, unless you allow it: --allow adds an"
            + " exception for its content first."
      })
  static final class Restore extends OfFiles {
    @Option(
        names = "--to",
        paramLabel = "PATH",
        description = "Where to, for one file. Default: where it was.")
    private @Nullable Path target;

    @Option(
        names = "--allow",
        description = "Let it run from now on whatever an engine says, as redoubt allow add does.")
    private boolean allow;

    Restore(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      List<QuarantinedFile> files = chosen();
      if (target != null && files.size() != 1) {
        throw new Problem(
            ExitCode.USAGE, "--to is for one file: files=" + files.size(), "name one number");
      }
      return new Results(this).of(files, this::restore);
    }

    private String restore(QuarantinedFile file) {
      if (allow) {
        allow(file);
      }
      Octets to = target == null ? Octets.of(new byte[0]) : Octets.of(targetBytes(target));
      return carryOut(
          new ControlRequest.Restore(file.id(), to),
          vault -> {
            vault.restore(file.id(), target == null ? null : to);
            return "gave back " + file.id() + ": " + file.pathText();
          });
    }

    private static byte[] targetBytes(Path target) {
      Path absolute = target.toAbsolutePath().normalize();
      Path folder = absolute.getParent();
      Path name = absolute.getFileName();
      if (folder == null || name == null) {
        throw new Problem(ExitCode.USAGE, "not the path of a file: to=" + target, "name a file");
      }
      try {
        return RawPath.bytes(folder.toRealPath().resolve(name));
      } catch (IOException _) {
        throw new Problem(ExitCode.NO, "no such folder: path=" + folder, "make it first");
      }
    }

    private void allow(QuarantinedFile file) {
      if (file.sha256() == null) {
        throw new Problem(
            ExitCode.NO,
            "its digest is not known: id=" + file.id(),
            "give it back without --allow");
      }
      Instant now = session().clock().instant().truncatedTo(ChronoUnit.SECONDS);
      try {
        session()
            .exceptions()
            .add(
                new ExceptionsFile.Proposal(
                    file.sha256().toString(),
                    ExceptionEntry.EVERY_ENGINE,
                    null,
                    "from quarantine: " + Printable.of(file.pathText())),
                ProcessUser.loginId(),
                now);
        PolicyChanges.tell(session(), new ControlRequest.ReloadPolicy());
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }
  }

  /// `redoubt quarantine delete`.
  @Command(name = "delete", description = "Delete files in quarantine for good. Needs root.")
  static final class Delete extends OfFiles {
    @Option(
        names = "--older-than",
        paramLabel = "T",
        description = "With all: only what has been there for longer, such as 12h or 30d.")
    private @Nullable String age;

    Delete(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Predicate<QuarantinedFile> old = isOld();
      return new Results(this).of(chosen().stream().filter(old).toList(), this::delete);
    }

    private Predicate<QuarantinedFile> isOld() {
      if (age == null) {
        return _ -> true;
      }
      Optional<Duration> parsed = Times.parseAge(age);
      Instant latest =
          session()
              .clock()
              .instant()
              .minus(
                  parsed.orElseThrow(() ->
                      new Problem(
                          ExitCode.USAGE, "not a time: older-than=" + age, "say 12h or 30d")));
      return file -> file.cause().at().isBefore(latest);
    }

    private String delete(QuarantinedFile file) {
      return carryOut(
          new ControlRequest.DeleteQuarantined(file.id()),
          vault -> {
            vault.delete(file.id());
            return "deleted " + file.id() + ": " + file.pathText();
          });
    }
  }

  /// Does something with one after the other and says what became of each.
  ///
  /// @param command whose words are printed
  private record Results(Subcommand command) {
    @FunctionalInterface
    interface Step<T> {
      /// @return what was done, for people
      /// @throws Problem if it was not
      String with(T one);
    }

    /// @return the exit status: 0 only if all were done
    <T> int of(List<T> all, Step<T> step) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      int status = ExitCode.OK;
      for (T one : all) {
        try {
          String done = step.with(one);
          if (command.wantsJson()) {
            array.addObject().put("done", true).put("message", done);
          } else {
            command.terminal().line(Printable.of(done));
          }
        } catch (Problem problem) {
          status = problem.exitCode();
          if (command.wantsJson()) {
            array
                .addObject()
                .put("done", false)
                .put("message", problem.getMessage())
                .put("fix", problem.fix());
          } else {
            command
                .terminal()
                .problem(Printable.of(String.valueOf(problem.getMessage())), problem.fix());
          }
        }
      }
      if (command.wantsJson()) {
        command.terminal().json(array);
      } else if (all.isEmpty()) {
        command.terminal().line("nothing to do");
      }
      return status;
    }
  }

  private static List<QuarantinedFile> filesOf(Session session, List<String> unreadable) {
    try {
      return Vault.in(session.directories().state()).list(unreadable::add);
    } catch (QuarantineException e) {
      throw problem(e);
    }
  }

  private static Problem problem(QuarantineException e) {
    boolean forbidden = e.getCause() instanceof AccessDeniedException;
    return new Problem(forbidden ? ExitCode.PERMISSION : ExitCode.NO, e.getMessage(), e.fix());
  }
}
