package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.core.model.Sha256;

/// `redoubt collect`: puts files, and what is known of them, into an archive.
@Command(
    name = "collect",
    description = {
      "Put files as they are into a ZIP archive, with a list of what they are, to look at elsewhere.",
      "",
      "Of folders all regular files below them, on the same file system. At most 1,000 files of 16 MiB"
          + " together: what there is no room for is named in collected.json. Links are not followed."
          + " Exit status 1 if there was nothing to collect."
    })
final class CollectCommand extends Subcommand {
  private static final int MOST_FILES = 1_000;
  private static final long MOST_BYTES = 16L << 20;
  private static final String LIST = "collected.json";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The archive to write; a file that is there already is not touched.")
  private Path output = Path.of("");

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and folders.")
  private List<Path> paths = List.of();

  private final Set<Path> seen = new TreeSet<>();
  private long bytes;
  private int files;
  private int leftOut;

  CollectCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    ObjectNode list = object();
    ArrayNode entries = list.putArray("files");
    try (OutputStream file = create();
        ZipOutputStream archive = new ZipOutputStream(file, StandardCharsets.UTF_8)) {
      for (Path path : paths) {
        walk(path.toAbsolutePath().normalize(), archive, entries);
      }
      archive.putNextEntry(new ZipEntry(LIST));
      archive.write(list.toPrettyString().getBytes(StandardCharsets.UTF_8));
      archive.closeEntry();
    } catch (FileAlreadyExistsException e) {
      throw new Problem(ExitCode.USAGE, "there is such a file: " + output, "name another");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the archive cannot be written: file=" + output + " error=" + e.getMessage(),
          "see whether there is room");
    }
    if (files == 0) {
      remove();
      throw new Problem(
          ExitCode.NO,
          "there is nothing to collect: left out=" + leftOut,
          "name files that are there");
    }
    return tell();
  }

  private int tell() {
    if (wantsJson()) {
      terminal()
          .json(
              object()
                  .put("output", output.toString())
                  .put("files", files)
                  .put("bytes", bytes)
                  .put("leftOut", leftOut));
    } else {
      terminal()
          .line(
              files
                  + (files == 1 ? " file, " : " files, ")
                  + bytes
                  + " bytes"
                  + (leftOut == 0 ? "" : ", " + leftOut + " left out: see " + LIST + " in it"));
    }
    return ExitCode.OK;
  }

  private OutputStream create() throws IOException {
    return Channels.newOutputStream(
        Files.newByteChannel(
            output,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
  }

  private void remove() {
    try {
      Files.deleteIfExists(output);
    } catch (IOException _) {
      // It is empty.
    }
  }

  private void walk(Path start, ZipOutputStream archive, ArrayNode entries) throws IOException {
    List<Path> found = new ArrayList<>();
    ScanWalk walk =
        new ScanWalk(
            List.of(),
            output.toAbsolutePath().normalize(),
            true,
            new ScanWalk.Visitor() {
              @Override
              public boolean file(Path path, long sizeBytes) {
                found.add(path);
                return found.size() < 2 * MOST_FILES;
              }

              @Override
              public void problem(Path path, String why) {
                leaveOut(entries, path, why);
              }
            });
    try {
      walk.walk(start);
    } catch (IOException e) {
      leaveOut(entries, start, "it cannot be read: " + e.getMessage());
    }
    for (Path path : found) {
      if (!seen.add(path)) {
        continue;
      }
      if (files >= MOST_FILES) {
        leaveOut(entries, path, "there are too many files");
      } else {
        add(path, archive, entries);
      }
    }
  }

  private void leaveOut(ArrayNode entries, Path path, String why) {
    leftOut++;
    if (entries.size() < 2 * MOST_FILES) {
      entries.add(object().put("path", path.toString()).put("problem", why));
    }
  }

  private void add(Path path, ZipOutputStream archive, ArrayNode entries) throws IOException {
    ObjectNode entry = object().put("path", path.toString());
    byte[] content;
    try {
      content = read(path, entry);
    } catch (IOException e) {
      leaveOut(entries, path, "it cannot be read: " + e.getMessage());
      return;
    }
    if (content.length > MOST_BYTES - bytes) {
      leaveOut(entries, path, "there is no room for it: bytes=" + entry.path("size"));
      return;
    }
    files++;
    bytes += content.length;
    archive.putNextEntry(new ZipEntry("files" + path));
    archive.write(content);
    archive.closeEntry();
    entries.add(entry.put("sha256", Sha256.hash(content).toString()));
  }

  /// The content of a regular file; one byte more than there is room for, of a longer one.
  private byte[] read(Path path, ObjectNode entry) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(
            path, "unix:size,mode,uid,gid,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
    facts.forEach((name, value) -> entry.put(name, value.toString()));
    try (SeekableByteChannel channel =
            Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        InputStream content = Channels.newInputStream(channel)) {
      return content.readNBytes(Math.toIntExact(MOST_BYTES - bytes + 1));
    }
  }
}
