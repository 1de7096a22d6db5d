package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.agent.journal.Entry;
import redoubt.agent.journal.HostFacts;
import redoubt.agent.journal.Journal;
import redoubt.agent.journal.JournalLimits;
import redoubt.core.model.Actor;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;

/// A host below a temporary directory, on which the command runs as a user would run it, with a
/// journal that the real journal wrote.
final class CommandHost {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private static final JsonMapper JSON = new JsonMapper();

  final Directories directories;
  private long decisions;

  /// What a run printed and how it ended.
  record Result(int status, String out, String err) {
    JsonNode json() throws IOException {
      return JSON.readTree(out);
    }
  }

  CommandHost(Path temporary) throws IOException {
    Path root = temporary.toRealPath();
    directories =
        new Directories(
            root.resolve("state"),
            root.resolve("run"),
            root.resolve("config"),
            root.resolve("home"),
            root.resolve("fleet"),
            root.resolve("access.json"));
    for (Path directory :
        List.of(directories.state(), directories.run(), directories.config(), directories.home())) {
      Files.createDirectories(directory, permissions("rwxr-xr-x"));
    }
  }

  /// Puts a text in the place of the owner's exceptions, as the owner would.
  Path writeExceptions(String text) throws IOException {
    Path file = directories.state().resolve("exceptions.json");
    Files.createFile(file, permissions("rw-------"));
    return Files.writeString(file, text);
  }

  /// Whatever the umask of who runs the tests.
  private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.run(session(new PrintWriter(out), new PrintWriter(err), false), arguments);
    return new Result(status, out.toString(), err.toString());
  }

  Session session(PrintWriter out, PrintWriter err, boolean colours) {
    return new Session(
        new Terminal(out, err, colours), directories, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  void record(Entry... entries) throws IOException {
    HostFacts facts = new HostFacts("host", "boot", "6.1", "0.1", NOW.toEpochMilli());
    try (Journal journal =
        Journal.open(directories.journal(), JournalLimits.DEFAULT, facts, () -> {})) {
      for (Entry entry : entries) {
        journal.offer(entry);
      }
      if (!journal.flush(Duration.ofSeconds(20))) {
        throw new IOException("the journal was not written");
      }
    }
  }

  /// A denial by engine `scanner`, with everything that an owner may ask about.
  Entry denied(String path, @Nullable Sha256 sha256, int pid) {
    return decision(
        path,
        sha256,
        pid,
        Verdict.DENY,
        DecisionBasis.ENGINES,
        List.of(
            new EngineOpinion.Answered(
                new EngineId("scanner"),
                EngineMode.ENFORCE,
                Verdict.DENY,
                "on the owner's list",
                "bad-tool",
                "local-0123456789ab",
                1_200_000,
                false,
                false)));
  }

  Entry allowed(String path, @Nullable Sha256 sha256, int pid) {
    return decision(path, sha256, pid, Verdict.ALLOW, DecisionBasis.ENGINES, List.of());
  }

  Entry decision(
      String path,
      @Nullable Sha256 sha256,
      int pid,
      Verdict answer,
      DecisionBasis basis,
      List<EngineOpinion> opinions) {
    return new Entry.Decision(
        new DecisionRecord(
            ++decisions,
            NOW.toEpochMilli() - 60_000,
            EventClass.EXEC,
            new Actor(pid, 77, 1, 1000, 1000, 1000, 5, "/usr/bin/bash", "/usr/bin/login"),
            path,
            new FileIdentity(1, 2, 3, 4, 5, 6),
            sha256,
            true,
            answer,
            basis,
            1,
            "",
            opinions,
            1_500_000));
  }

  static Entry notice(PlatformNotice.Kind kind, String message) {
    return new Entry.Notice(
        new PlatformNotice(NOW.toEpochMilli() - 30_000, kind, "agent", message));
  }

  static Sha256 digestOf(String content) {
    return Sha256.hash(content.getBytes(StandardCharsets.UTF_8));
  }
}
