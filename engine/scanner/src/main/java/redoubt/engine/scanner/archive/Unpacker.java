package redoubt.engine.scanner.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.util.Collections;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.PasswordRequiredException;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveException;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.ArchiveStreamFactory;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.jspecify.annotations.Nullable;

/// Unpacks a content in memory and all that is in it, archives in archives too. Used by one thread.
///
/// Only formats whose beginning tells them for sure are unpacked. What is left out, because it is
/// encrypted, broken, packed in another way or too much, is told at the end; the rest is looked at
/// all the same.
public final class Unpacker {
  /// Looks at what comes out.
  @FunctionalInterface
  public interface Visitor {
    /// A member.
    ///
    /// @param name where it is: the names from the outermost archive on, with `!` between
    /// @param content valid until the return
    /// @return whether to go on
    /// @throws IOException if it could not be looked at
    boolean member(String name, MemorySegment content) throws IOException;
  }

  /// For a dictionary: what `xz -9` takes.
  private static final int MOST_KIBIBYTES = 80 * 1024;

  private static final Set<String> STREAMS =
      Set.of(ArchiveStreamFactory.TAR, ArchiveStreamFactory.AR, ArchiveStreamFactory.CPIO);

  private static final Set<String> COMPRESSED =
      Set.of(
          CompressorStreamFactory.GZIP,
          CompressorStreamFactory.BZIP2,
          CompressorStreamFactory.XZ,
          CompressorStreamFactory.LZ4_FRAMED,
          CompressorStreamFactory.Z);

  /// Those whose beginning is no proof: many a text has two such bytes.
  private static final Set<String> DOUBTFUL =
      Set.of(
          CompressorStreamFactory.DEFLATE,
          CompressorStreamFactory.LZMA,
          CompressorStreamFactory.PACK200);

  private static final Set<Integer> ZIP_METHODS =
      Set.of(
          ZipMethod.STORED.getCode(),
          ZipMethod.UNSHRINKING.getCode(),
          ZipMethod.IMPLODING.getCode(),
          ZipMethod.DEFLATED.getCode(),
          ZipMethod.ENHANCED_DEFLATED.getCode(),
          ZipMethod.BZIP2.getCode());

  /// Begins the description of each member at the end of a ZIP file.
  private static final byte[] ZIP_ENTRY = {'P', 'K', 1, 2};

  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int NAME_CHARS = 256;

  private static final CompressorStreamFactory COMPRESSORS =
      new CompressorStreamFactory(true, MOST_KIBIBYTES);

  private final UnpackBudget budget;
  private final Visitor visitor;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private boolean stopped;
  private boolean exhausted;
  private @Nullable UnpackException incomplete;

  private Unpacker(UnpackBudget budget, Visitor visitor) {
    this.budget = budget;
    this.visitor = visitor;
  }

  /// Unpacks a content, if it is one that can be.
  ///
  /// @throws IOException if the visitor could not look at something
  /// @throws UnpackException if something is left that was not unpacked
  public static void unpack(MemorySegment content, UnpackBudget budget, Visitor visitor)
      throws IOException, UnpackException {
    Unpacker unpacker = new Unpacker(budget, visitor);
    try {
      unpacker.unpack("", content, 1);
    } catch (VisitorException e) {
      throw e.getCause();
    }
    UnpackException left = unpacker.incomplete;
    if (left != null && !unpacker.stopped) {
      throw left;
    }
  }

  /// Whether a content is one that can be unpacked.
  ///
  /// @throws IOException never: it is in memory
  public static boolean isPacked(MemorySegment content) throws IOException {
    return !formatOf(content).isEmpty();
  }

  /// Something was not unpacked; the rest is.
  private void leaveOut(String why) {
    if (incomplete == null) {
      incomplete = new UnpackException(why);
    }
  }

  private void unpack(String name, MemorySegment content, int depth) throws VisitorException {
    try {
      String format = formatOf(content);
      if (format.isEmpty()) {
        return;
      }
      if (depth > UnpackBudget.DEPTH) {
        leaveOut("archives in it are deeper than " + UnpackBudget.DEPTH);
      } else {
        unpack(format, name, content, depth);
      }
    } catch (VisitorException e) {
      throw e;
    } catch (PasswordRequiredException _) {
      leaveOut("encrypted");
    } catch (MemoryLimitException _) {
      leaveOut("to unpack it takes too much memory");
    } catch (IOException | RuntimeException e) {
      leaveOut("broken, or packed in a way that is not known: " + e.getMessage());
    }
  }

  private void unpack(String format, String name, MemorySegment content, int depth)
      throws IOException {
    switch (format) {
      case ArchiveStreamFactory.ZIP, ArchiveStreamFactory.JAR -> zip(name, content, depth);
      case ArchiveStreamFactory.SEVEN_Z -> sevenZip(name, content, depth);
      default -> {
        if (STREAMS.contains(format)) {
          stream(format, name, content, depth);
        } else if (COMPRESSED.contains(format)) {
          compressed(format, name, content, depth);
        } else {
          leaveOut("packed in a way that is not known: " + format);
        }
      }
    }
  }

  private static String formatOf(MemorySegment content) throws IOException {
    try (InputStream stream = streamOf(content)) {
      return ArchiveStreamFactory.detect(stream);
    } catch (ArchiveException _) {
      // Perhaps it is compressed alone.
    }
    try (InputStream stream = streamOf(content)) {
      String format = CompressorStreamFactory.detect(stream);
      return DOUBTFUL.contains(format) ? "" : format;
    } catch (CompressorException _) {
      return "";
    }
  }

  /// Whether it has more members than are unpacked; each takes memory before the first is looked
  /// at.
  private static boolean hasTooManyMembers(MemorySegment zip) {
    long found = 0;
    for (long at = 0; at + ZIP_ENTRY.length <= zip.byteSize(); at++) {
      if (zip.get(ValueLayout.JAVA_BYTE, at) == ZIP_ENTRY[0]
          && zip.get(ValueLayout.JAVA_BYTE, at + 1) == ZIP_ENTRY[1]
          && zip.get(ValueLayout.JAVA_BYTE, at + 2) == ZIP_ENTRY[2]
          && zip.get(ValueLayout.JAVA_BYTE, at + 3) == ZIP_ENTRY[3]) {
        found++;
      }
    }
    return found > UnpackBudget.MEMBERS;
  }

  private static InputStream streamOf(MemorySegment content) {
    return new BufferedInputStream(Channels.newInputStream(new SegmentChannel(content)));
  }

  private void zip(String name, MemorySegment content, int depth) throws IOException {
    if (hasTooManyMembers(content)) {
      leaveOut("more than " + UnpackBudget.MEMBERS + " members");
      return;
    }
    try (ZipFile zip =
        ZipFile.builder()
            .setSeekableByteChannel(new SegmentChannel(content))
            .setIgnoreLocalFileHeader(true)
            .get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        if (isOver()) {
          return;
        }
        if (entry.getGeneralPurposeBit().usesEncryption()) {
          leaveOut("encrypted");
        } else if (!ZIP_METHODS.contains(entry.getMethod())) {
          leaveOut("packed in a way that is not known: method=" + entry.getMethod());
        } else if (!entry.isDirectory()) {
          zipMember(zip, entry, name, depth);
        }
      }
    }
  }

  /// A broken member says nothing of the others.
  private void zipMember(ZipFile zip, ZipArchiveEntry entry, String name, int depth)
      throws VisitorException {
    try (InputStream stream = zip.getInputStream(entry)) {
      member(name, entry.getName(), stream, depth);
    } catch (VisitorException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      leaveOut("a member is broken: " + e.getMessage());
    }
  }

  private void sevenZip(String name, MemorySegment content, int depth) throws IOException {
    try (SevenZFile archive =
        SevenZFile.builder()
            .setSeekableByteChannel(new SegmentChannel(content))
            .setMaxMemoryLimitKiB(MOST_KIBIBYTES)
            .get()) {
      SevenZArchiveEntry entry = archive.getNextEntry();
      while (entry != null && !isOver()) {
        if (entry.hasStream() && !entry.isDirectory()) {
          InputStream stream = archive.getInputStream(entry);
          if (!member(name, String.valueOf(entry.getName()), stream, depth)) {
            // To get at the next one, all that is left of this one would be unpacked.
            return;
          }
        }
        entry = archive.getNextEntry();
      }
    }
  }

  private void stream(String format, String name, MemorySegment content, int depth)
      throws IOException {
    try (ArchiveInputStream<?> archive =
        new ArchiveStreamFactory().createArchiveInputStream(format, streamOf(content))) {
      ArchiveEntry entry = archive.getNextEntry();
      while (entry != null && !isOver()) {
        if (!archive.canReadEntryData(entry)) {
          leaveOut("a member cannot be read: " + entry.getName());
        } else if (!entry.isDirectory()) {
          member(name, entry.getName(), archive, depth);
        }
        entry = archive.getNextEntry();
      }
    }
  }

  private void compressed(String format, String name, MemorySegment content, int depth)
      throws IOException {
    try (InputStream stream = COMPRESSORS.createCompressorInputStream(format, streamOf(content))) {
      member(name, format.toLowerCase(Locale.ROOT), stream, depth);
    }
  }

  /// Whether nothing more is to be unpacked.
  private boolean isOver() {
    return stopped || exhausted;
  }

  /// @return whether the whole member was read
  private boolean member(String outer, String inner, InputStream stream, int depth)
      throws VisitorException {
    String name = (outer.isEmpty() ? "" : outer + "!") + inner;
    if (name.length() > NAME_CHARS) {
      name = "…" + name.substring(name.length() - NAME_CHARS);
    }
    try {
      budget.member();
      try (MemberBytes bytes = MemberBytes.read(stream, buffer, budget)) {
        lookAt(name, bytes, depth);
        return bytes.isWhole();
      }
    } catch (UnpackException e) {
      leaveOut(String.valueOf(e.getMessage()));
      exhausted |= budget.isExhausted();
      return false;
    }
  }

  private void lookAt(String name, MemberBytes bytes, int depth) throws VisitorException {
    if (!look(name, bytes.segment())) {
      stopped = true;
      return;
    }
    unpack(name, bytes.segment(), depth + 1);
    if (!bytes.isWhole()) {
      leaveOut("of a member not all was unpacked: " + name + ": " + bytes.why());
    }
  }

  private boolean look(String name, MemorySegment content) throws VisitorException {
    try {
      return visitor.member(name, content);
    } catch (IOException e) {
      throw new VisitorException(e);
    }
  }

  /// Not the archive's fault.
  private static final class VisitorException extends IOException {
    private static final long serialVersionUID = 1L;

    VisitorException(IOException cause) {
      super(cause);
    }

    @Override
    public synchronized IOException getCause() {
      return (IOException) Objects.requireNonNull(super.getCause());
    }
  }
}
