package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import redoubt.agent.policy.Exceptions;
import redoubt.agent.policy.FileOrigins;
import redoubt.agent.policy.FileOrigins.Origin;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.ShippedFiles;
import redoubt.cli.Terminal.Tone;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.FileSystemType;
import redoubt.core.model.PackageState;
import redoubt.core.model.Provenance;
import redoubt.engine.allowlist.Standing;

/// `redoubt trust why`.
@Command(
    name = "why",
    description = {
      "Show where a file comes from, and whether application control would let it run.",
      "",
      "Looks at the file as it is now; needs no running agent. Exit status 0 if it may run, 1 if not."
    })
final class TrustWhyCommand extends Subcommand {
  @Parameters(arity = "1", paramLabel = "PATH", description = "A file.")
  private String subject = "";

  TrustWhyCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    SubjectFile file = SubjectFile.of(subject);
    if (!Files.isRegularFile(file.path())) {
      throw new Problem(
          ExitCode.NO, "no such file: path=" + file.path(), "name a program or script");
    }
    Origin origin;
    try {
      origin = origin(file);
    } catch (PolicyException e) {
      throw PolicyChanges.problem(e);
    }
    Provenance provenance =
        new Provenance(
            false,
            origin.isRootOnly(),
            origin.packageName(),
            origin.state(),
            origin.trust().isEmpty() ? "" : origin.trust().getFirst().id(),
            "",
            0,
            false);
    Standing standing = Standing.of(provenance);
    if (wantsJson()) {
      terminal().json(json(file, origin, standing, standing.reason(provenance)));
    } else {
      print(file, origin, standing, standing.reason(provenance));
    }
    return standing.mayRun() ? ExitCode.OK : ExitCode.NO;
  }

  private Origin origin(SubjectFile file) throws PolicyException {
    ShippedFiles shipped = ShippedFiles.ofHost();
    shipped.load();
    Exceptions trusted = session().trusted().read();
    return FileOrigins.ofHost(shipped)
        .of(
            file.path(),
            ownersBelieved(file.path()),
            file.sha256(),
            () -> md5(file.path()),
            trusted,
            session().clock().instant());
  }

  private static boolean ownersBelieved(Path path) {
    int descriptor = Descriptors.openPath(path.toString());
    if (descriptor < 0) {
      return false;
    }
    try {
      return FileSystemType.honoursOwners(descriptor);
    } finally {
      Descriptors.close(descriptor);
    }
  }

  private static Optional<byte[]> md5(Path path) {
    try (InputStream file = Files.newInputStream(path);
        DigestInputStream content = new DigestInputStream(file, FileOrigins.md5Digester())) {
      content.transferTo(OutputStream.nullOutputStream());
      return Optional.of(content.getMessageDigest().digest());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private void print(SubjectFile file, Origin origin, Standing standing, String reason) {
    terminal()
        .line(
            terminal()
                    .paint(
                        standing.mayRun() ? Tone.GOOD : Tone.BAD,
                        standing.mayRun() ? "may run" : "may not run")
                + "  "
                + Printable.of(file.path().toString()));
    field("because", reason);
    field(
        "content",
        file.sha256() == null
            ? "not readable, for this command either"
            : "sha256 " + file.digestText());
    field(
        "place",
        origin.isRootOnly() ? "only root can have put it there" : Printable.of(origin.weakness()));
    field("package", packageText(origin));
    origin.trust().forEach(entry -> field("trusted by", EntryCommands.textOf(entry, session())));
    if (!standing.mayRun()) {
      String what = file.sha256() == null ? file.path().toString() : file.digestText();
      field("to trust", terminal().paint(Tone.TITLE, "redoubt trust add " + what));
    }
  }

  private static String packageText(Origin origin) {
    return switch (origin.state()) {
      case NONE -> origin.isRootOnly() ? "none" : "not asked: others could have put it there";
      case AS_SHIPPED -> origin.packageName() + ", as it was brought";
      case CHANGED -> origin.packageName() + ", with another content";
      case UNVERIFIED -> origin.packageName() + ", of which the database has no digest";
    };
  }

  private static ObjectNode json(
      SubjectFile file, Origin origin, Standing standing, String reason) {
    ObjectNode node = object();
    node.put("path", file.path().toString());
    node.put("mayRun", standing.mayRun());
    node.put("standing", standing.name().toLowerCase(Locale.ROOT));
    node.put("reason", reason);
    node.put("sha256", file.sha256() == null ? null : file.digestText());
    node.put("rootOnly", origin.isRootOnly());
    node.put("weakness", origin.isRootOnly() ? null : origin.weakness());
    node.put("package", origin.packageName().isEmpty() ? null : origin.packageName());
    node.put(
        "packageState",
        origin.state() == PackageState.NONE
            ? null
            : origin.state().name().toLowerCase(Locale.ROOT));
    ArrayNode trust = node.putArray("trust");
    origin.trust().forEach(entry -> trust.add(EntryCommands.json(entry)));
    return node;
  }
}
