package redoubt.core.wire;

import java.util.ArrayList;
import java.util.List;
import redoubt.core.model.HostEvent.FileContent;
import redoubt.core.model.ProcessInfo;

/// `FileContent` in `spec/events.proto`, field by field.
final class FileContentFormat {
  /// As much as the message takes: tags, lengths and numbers, and a format.
  static final int MOST_BYTES = 128;

  private long sizeBytes;
  private long birthNanos;
  private String format = "";
  private final List<Long> entropies = new ArrayList<>();
  private final List<Long> ancestors = new ArrayList<>();

  /// Reads the message of one event.
  FileContentFormat() {}

  static void write(ProtoWriter out, int field, FileContent content) {
    out.begin(field);
    out.unsigned(1, content.sizeBytes());
    out.fixed64(2, content.birthNanos());
    out.text(3, content.format());
    write(out, 4, content.entropies());
    write(out, 5, content.ancestors());
    out.end();
  }

  private static void write(ProtoWriter out, int field, List<Integer> numbers) {
    if (!numbers.isEmpty()) {
      out.begin(field);
      numbers.forEach(out::varint);
      out.end();
    }
  }

  static void check(FileContent content) {
    Check.range("sizeBytes", content.sizeBytes(), 0, Long.MAX_VALUE);
    Check.text("format", content.format(), WireLimits.FORMAT_CHARS);
    Check.count("ancestors", content.ancestors(), 0, FileContent.MOST_ANCESTORS);
    content.ancestors().forEach(each -> Check.range("ancestor", each, 0, Integer.MAX_VALUE));
    Check.count("entropies", content.entropies(), 0, FileContent.MOST_PARTS);
    content
        .entropies()
        .forEach(each -> Check.range("entropy", each, 0, FileContent.MOST_MILLIBITS));
  }

  void read(ProtoReader in) throws WireException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> sizeBytes = in.uint64();
        case 2 -> birthNanos = in.fixed64();
        case 3 -> format = in.text();
        case 4 -> in.numbers(entropies, FileContent.MOST_PARTS);
        case 5 -> in.numbers(ancestors, FileContent.MOST_ANCESTORS);
        default -> in.skip();
      }
    }
  }

  FileContent event(long timeNanos, ProcessInfo process, String path, String oldPath) {
    return new FileContent(
        timeNanos,
        process,
        bounded(ancestors),
        path,
        oldPath,
        sizeBytes,
        birthNanos,
        format,
        bounded(entropies));
  }

  private static List<Integer> bounded(List<Long> numbers) {
    return numbers.stream().map(each -> Math.clamp(each, -1, Integer.MAX_VALUE)).toList();
  }
}
