package redoubt.agent.sensor;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/// The formats of files whose bytes are packed, so that they look random, and the others that are
/// common, by their first bytes. The list is part of the protocol (`spec/events.md`). Stateless.
///
/// Source: the formats' own specifications.
final class FileFormats {
  /// What stands where in a file.
  ///
  /// @param name of the format
  /// @param offset where
  /// @param magic what
  private record Mark(String name, int offset, MemorySegment magic) {}

  private static final List<Mark> MARKS =
      List.of(
          bytes("gzip", 0, "1f8b08"),
          bytes("bzip2", 0, "425a68"),
          bytes("xz", 0, "fd377a585a00"),
          bytes("zstd", 0, "28b52ffd"),
          bytes("lz4", 0, "04224d18"),
          bytes("lzip", 0, "4c5a4950"),
          bytes("compress", 0, "1f9d"),
          bytes("zip", 0, "504b0304"),
          bytes("zip", 0, "504b0506"),
          bytes("7z", 0, "377abcaf271c"),
          bytes("rar", 0, "526172211a07"),
          text("cab", 0, "MSCF"),
          text("squashfs", 0, "hsqs"),
          text("ar", 0, "!<arch>"),
          text("tar", 257, "ustar"),
          bytes("rpm", 0, "edabeedb"),
          bytes("png", 0, "89504e470d0a1a0a"),
          bytes("jpeg", 0, "ffd8ff"),
          text("gif", 0, "GIF8"),
          text("webp", 8, "WEBP"),
          bytes("tiff", 0, "49492a00"),
          bytes("tiff", 0, "4d4d002a"),
          text("mp4", 4, "ftyp"),
          bytes("matroska", 0, "1a45dfa3"),
          text("avi", 8, "AVI "),
          text("wav", 8, "WAVE"),
          text("ogg", 0, "OggS"),
          text("flac", 0, "fLaC"),
          text("mp3", 0, "ID3"),
          bytes("mp3", 0, "fffb"),
          text("woff", 0, "wOFF"),
          text("woff2", 0, "wOF2"),
          text("pdf", 0, "%PDF-"),
          bytes("ole", 0, "d0cf11e0a1b11ae1"),
          text("sqlite", 0, "SQLite format 3"),
          text("git-pack", 0, "PACK"),
          bytes("git-index", 0, "ff744f63"),
          bytes("elf", 0, "7f454c46"),
          text("pe", 0, "MZ"),
          bytes("class", 0, "cafebabe"),
          bytes("wasm", 0, "0061736d"),
          text("qcow", 0, "QFI\u00fb"),
          text("luks", 0, "LUKS\u00ba\u00be"),
          bytes("keepass", 0, "03d9a29a"),
          text("script", 0, "#!"));

  private FileFormats() {}

  private static Mark bytes(String name, int offset, String hex) {
    return new Mark(name, offset, MemorySegment.ofArray(HexFormat.of().parseHex(hex)));
  }

  private static Mark text(String name, int offset, String magic) {
    return new Mark(
        name, offset, MemorySegment.ofArray(magic.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /// The format of a file.
  ///
  /// @param beginning its first bytes, as many as there are
  /// @return empty if it is none of these
  static String of(MemorySegment beginning) {
    for (Mark mark : MARKS) {
      if (has(beginning, mark)) {
        return mark.name();
      }
    }
    return "";
  }

  private static boolean has(MemorySegment beginning, Mark mark) {
    long length = mark.magic().byteSize();
    return beginning.byteSize() >= mark.offset() + length
        && beginning.asSlice(mark.offset(), length).mismatch(mark.magic()) == -1;
  }
}
