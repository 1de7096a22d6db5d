package redoubt.engine.scanner;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import redoubt.engine.kit.LoadResult.Problem;
import redoubt.engine.kit.PositionedBytes;
import redoubt.engine.scanner.yara.YaraException;
import redoubt.engine.scanner.yara.YaraRules;

/// Reads what the scanner judges with, as `spec/scanner-content.md` has it: a hash list, or a ZIP
/// file of YARA rules and hash lists. What is bad is left out and named; the rest counts. Used
/// once, by one thread.
final class ScanContentReader {
  /// The most files in an archive.
  static final int MOST_FILES = 20_000;

  /// The most bytes that they have together.
  static final long MOST_BYTES = 256L << 20;

  private static final byte[] ZIP_BEGINNING = {'P', 'K', 3, 4};

  private final PositionedBytes payload;
  private final long sizeBytes;
  private final List<Problem> problems = new ArrayList<>();
  private final List<HashList> lists = new ArrayList<>();
  private long entries;

  ScanContentReader(PositionedBytes payload, long sizeBytes) {
    this.payload = payload;
    this.sizeBytes = sizeBytes;
  }

  /// Reads everything.
  ///
  /// @return empty if there is nothing to judge with; [#problems] says why
  /// @throws IOException if the payload cannot be read, or is larger than any may be
  Optional<ScanContent> read() throws IOException {
    Optional<YaraRules> rules = isArchive() ? readArchive() : readList();
    return lists.isEmpty() && rules.isEmpty()
        ? Optional.empty()
        : Optional.of(new ScanContent(lists, rules, entries));
  }

  /// What was left out.
  List<Problem> problems() {
    return List.copyOf(problems);
  }

  private boolean isArchive() throws IOException {
    try (InputStream stream = payload.stream(sizeBytes)) {
      return Arrays.equals(stream.readNBytes(ZIP_BEGINNING.length), ZIP_BEGINNING);
    }
  }

  private Optional<YaraRules> readList() throws IOException {
    if (sizeBytes > HashListReader.MAX_BYTES) {
      problems.add(new Problem("list", "longer than " + HashListReader.MAX_BYTES + " bytes"));
    } else {
      addList("", new HashListReader(payload, sizeBytes));
    }
    return Optional.empty();
  }

  private void addList(String name, HashListReader reader) throws IOException {
    HashList list = reader.read();
    String place = name.isEmpty() ? "" : name + " ";
    for (Problem problem : reader.problems()) {
      problems.add(new Problem(place + problem.place(), problem.message()));
    }
    if (list.entries() > 0) {
      lists.add(list);
      entries += list.entries();
    } else if (reader.problems().isEmpty()) {
      problems.add(new Problem(place + "list", "no entry"));
    }
  }

  private Optional<YaraRules> readArchive() throws IOException {
    SequencedMap<String, byte[]> sources = new LinkedHashMap<>();
    long bytes = 0;
    int files = 0;
    try (ZipInputStream zip =
        new ZipInputStream(new BufferedInputStream(payload.stream(sizeBytes)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        byte[] content = zip.readNBytes((int) (MOST_BYTES - bytes) + 1);
        bytes += content.length;
        files++;
        if (files > MOST_FILES || bytes > MOST_BYTES) {
          throw new IOException(
              "too much for rules: mostFiles=" + MOST_FILES + " mostBytes=" + MOST_BYTES);
        }
        take(entry.getName(), content, sources);
      }
    } catch (IllegalArgumentException e) {
      throw new ZipException("a name in the archive is no text: " + e.getMessage());
    }
    return sources.isEmpty() ? Optional.empty() : compile(sources);
  }

  private void take(String name, byte[] content, SequencedMap<String, byte[]> sources)
      throws IOException {
    String small = name.toLowerCase(Locale.ROOT);
    if (small.endsWith(".yar") || small.endsWith(".yara")) {
      sources.put(name, content);
    } else if (small.endsWith(".hashes")) {
      addList(name, new HashListReader(new BytesPayload(content), content.length));
    } else {
      problems.add(new Problem(name, "neither YARA rules (.yar, .yara) nor digests (.hashes)"));
    }
  }

  private Optional<YaraRules> compile(SequencedMap<String, byte[]> sources) {
    Map<String, List<String>> refused = new TreeMap<>();
    try {
      YaraRules rules = YaraRules.compile(sources, refused);
      long count = rules.count();
      if (count == 0) {
        problems.add(new Problem("rules", "none"));
        return Optional.empty();
      }
      entries += count;
      return Optional.of(rules);
    } catch (YaraException e) {
      problems.add(new Problem("rules", String.valueOf(e.getMessage())));
      return Optional.empty();
    } finally {
      refused.forEach((file, errors) -> problems.add(new Problem(file, String.join("; ", errors))));
    }
  }

  /// A list in memory.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record BytesPayload(byte[] bytes) implements PositionedBytes {
    @Override
    public int read(byte[] into, int start, int length, long position) {
      if (position >= bytes.length) {
        return -1;
      }
      int count = (int) Math.min(length, bytes.length - position);
      System.arraycopy(bytes, (int) position, into, start, count);
      return count;
    }
  }
}
