package redoubt.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.content.BundleWriter;
import redoubt.core.content.ContentException;
import redoubt.core.content.PlatformRelease;
import redoubt.core.content.ProgramFolder;
import redoubt.core.model.EngineId;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.TestVector;

/// `redoubt content pack`.
@Command(
    name = "pack",
    description = {
      "Make a release: a bundle of an engine, or of an installation of Redoubt, that hosts take by"
          + " the way that content goes.",
      "",
      "A folder with manifest.engine in it is an engine's: all files in it go into the bundle, which"
          + " is for ENGINE.engine. In the manifest ${here} stands for the folder that they will lie"
          + " in. It needs --content, a bundle of the engine's content: its vectors must pass"
          + " wherever the engine is admitted, and its content is what the engine has while a host"
          + " has brought no other into force.",
      "",
      "Anything else is an installation: agent, engines and command, for 'platform'. A host unpacks"
          + " it beside what runs, has it protect a file system of its own, and lets it take over"
          + " on probation. Whatever fails leads back to the release before, or to the installation.",
      "",
      "The same files give the same bundle but for the time in it."
    })
final class ContentPackCommand extends Subcommand {
  /// What is in a release: what a host needs, and not the fleet's server. Start-up caches are
  /// written where it is to run.
  private static final List<String> PARTS =
      List.of("content", "engines", "lib", "lib-courier", "libexec", "redoubt", "share");

  private static final int FOLDER_OR_PROGRAM = 0755;
  private static final int FILE = 0644;

  @Parameters(
      paramLabel = "FOLDER",
      arity = "0..1",
      description = "The engine's folder, or the installation. Default: this installation.")
  private @Nullable Path home;

  @Mixin private BundleNaming naming = new BundleNaming();

  @Option(
      names = "--content",
      paramLabel = "BUNDLE",
      description = "Of an engine: content for it, as content build makes it.")
  private @Nullable Path content;

  ContentPackCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    Path from = home == null ? session().directories().home() : home;
    if (Files.exists(from.resolve(ProgramFolder.MANIFEST))) {
      return engine(from);
    }
    for (String part : PARTS) {
      if (Files.notExists(from.resolve(part))) {
        throw new Problem(
            ExitCode.NO,
            "not an installation: home=" + from + " missing=" + part,
            "name the folder with redoubt, lib/ and libexec/ in it, such as build/dist; or one of an"
                + " engine, with "
                + ProgramFolder.MANIFEST);
      }
    }
    try {
      Path archive = Files.createTempFile("redoubt-release-", ".tar");
      try {
        pack(from, archive);
        return tell(
            BundleWriter.write(
                naming.target(),
                naming.manifest(
                    PlatformRelease.ENGINE,
                    PlatformRelease.SCHEMA,
                    new Limits(Limits.MOST_MILLIS, 1, Limits.MOST_MEMORY_MIB),
                    session().clock().instant()),
                archive,
                List.of()));
      } finally {
        Files.deleteIfExists(archive);
      }
    } catch (ContentException e) {
      throw new Problem(ExitCode.USAGE, Printable.of(e.getMessage()), "say what is in its range");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the bundle cannot be written: file=" + naming.target() + " error=" + e,
          "check the folder and the room in it");
    }
  }

  private int engine(Path from) {
    if (content == null) {
      throw new Problem(
          ExitCode.USAGE,
          "nothing shows what the engine does: folder=" + from,
          "name a bundle of its content: --content BUNDLE");
    }
    return ContentCommands.with(content, with -> engine(from, with));
  }

  private int engine(Path from, BundleFile with) throws IOException, ContentException {
    EngineId engine = with.manifest().engine();
    try {
      EngineManifest.ofRelease(
          from.toAbsolutePath().normalize(),
          engine,
          Optional.empty(),
          Session.javaProgram(),
          session().directories().home());
    } catch (IllegalArgumentException e) {
      throw new Problem(
          ExitCode.NO, Printable.of(String.valueOf(e.getMessage())), "mend the manifest");
    }
    List<TestVector> vectors = new ArrayList<>();
    with.forEachVector(vectors::add);
    Path payload = Files.createTempFile("redoubt-release-", ".content");
    try {
      try (FileChannel out = FileChannel.open(payload, StandardOpenOption.WRITE)) {
        with.copyContentTo(out);
      }
      return tell(
          BundleWriter.writeRelease(
              naming.target(),
              naming.manifest(
                  engine.releases(),
                  with.manifest().schemaHash(),
                  with.manifest().limits(),
                  session().clock().instant()),
              payload,
              vectors,
              from));
    } finally {
      Files.deleteIfExists(payload);
    }
  }

  private static void pack(Path from, Path archive) throws IOException {
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream out = new TarArchiveOutputStream(file)) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (String part : PARTS) {
        List<Path> tree;
        try (Stream<Path> walked = Files.walk(from.resolve(part))) {
          tree = walked.sorted().toList();
        }
        for (Path each : tree) {
          add(out, from, each);
        }
      }
    }
  }

  private static void add(TarArchiveOutputStream out, Path from, Path each) throws IOException {
    boolean isFolder = Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS);
    if (!isFolder && !Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("neither a file nor a folder: file=" + each);
    }
    TarArchiveEntry entry = new TarArchiveEntry(from.relativize(each) + (isFolder ? "/" : ""));
    entry.setModTime(0);
    entry.setMode(isFolder || Files.isExecutable(each) ? FOLDER_OR_PROGRAM : FILE);
    if (!isFolder) {
      entry.setSize(Files.size(each));
    }
    out.putArchiveEntry(entry);
    if (!isFolder) {
      Files.copy(each, out);
    }
    out.closeArchiveEntry();
  }

  private int tell(BundleFile bundle) throws IOException {
    String size = " (" + (Files.size(bundle.file()) >> 20) + " MiB)";
    return ContentCommands.tellBuilt(terminal(), wantsJson(), bundle, size);
  }
}
