package redoubt.engine.scanner.yara;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// YARA rules, ready to be held against contents. Thread-safe: each thread has a scanner of its own
/// for as long as it scans.
///
/// What belongs to the library is given back when nobody refers to these rules any more.
@SuppressWarnings("restricted") // what the library points at has the size that its headers say
public final class YaraRules {
  /// The most rules that are named for one content.
  static final int MOST_MATCHES = 16;

  private static final Cleaner CLEANER = Cleaner.create();

  private static final MemorySegment MATCHED =
      YaraLibrary.callback(
          MethodHandles.lookup(),
          "matched",
          MethodType.methodType(
              int.class, MemorySegment.class, int.class, MemorySegment.class, MemorySegment.class),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS));

  /// What the scan that runs on this thread has found.
  private static final ThreadLocal<List<YaraMatch>> MATCHES =
      ThreadLocal.withInitial(ArrayList::new);

  private final Held held;

  private YaraRules(Held held) {
    this.held = held;
    CLEANER.register(this, held);
  }

  /// Whether this host has the library.
  public static boolean available() {
    return YaraLibrary.find().isPresent();
  }

  /// Compiles rules from their source.
  ///
  /// @param sources each file by its name; the rules of one do not see those of others
  /// @param problems gets what is wrong, by file; such a file is left out
  /// @throws YaraException if no rule is left, the library fails, or the host has none
  public static YaraRules compile(
      SequencedMap<String, byte[]> sources, Map<String, List<String>> problems)
      throws YaraException {
    YaraLibrary library =
        YaraLibrary.find()
            .orElseThrow(() ->
                new YaraException(
                    "YARA rules need libyara.so.9 on this host: install the package libyara9"));
    return new YaraRules(new Held(library, new YaraCompiler(library).compile(sources, problems)));
  }

  /// How many rules there are.
  public long count() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stats = arena.allocate(YaraLibrary.STATS_BYTES, Long.BYTES);
      int error = YaraLibrary.call(held.library.rulesGetStats, held.rules, stats);
      return error == 0 ? Integer.toUnsignedLong(stats.get(JAVA_INT, 0)) : 0;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Holds the rules against a content.
  ///
  /// @param content native memory
  /// @param variables values of what rules may ask of the file, by name: filename, filepath,
  ///   extension, filetype, owner, md5
  /// @param limit how long it may take; rounded up to whole seconds, at least one
  /// @return the rules that hold, at most 16
  /// @throws YaraException if it takes longer, or the library gives up
  public List<YaraMatch> scan(MemorySegment content, Map<String, String> variables, Duration limit)
      throws YaraException {
    MemorySegment scanner = held.take();
    List<YaraMatch> matches = MATCHES.get();
    matches.clear();
    try (Arena arena = Arena.ofConfined()) {
      YaraLibrary library = held.library;
      for (String name : YaraCompiler.VARIABLES) {
        YaraLibrary.call(
            library.scannerDefineString,
            scanner,
            arena.allocateFrom(name),
            arena.allocateFrom(variables.getOrDefault(name, "").replace('\0', '?')));
      }
      int seconds = Math.toIntExact(Math.max(1, limit.plusMillis(999).toSeconds()));
      YaraLibrary.call(library.scannerSetTimeout, scanner, seconds);
      int error = YaraLibrary.call(library.scannerScanMemory, scanner, content, content.byteSize());
      if (error != 0) {
        throw YaraException.of("rules were not held against the whole content", error);
      }
      return List.copyOf(matches);
    } finally {
      held.giveBack(scanner);
      Reference.reachabilityFence(this);
    }
  }

  /// Called by the library.
  @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // the library says what comes
  private static int matched(
      MemorySegment context, int message, MemorySegment data, MemorySegment user) {
    if (message == YaraLibrary.CALLBACK_MSG_TOO_MANY_MATCHES) {
      // To go on would be to go on without that string.
      return YaraLibrary.CALLBACK_ABORT;
    }
    List<YaraMatch> matches = MATCHES.get();
    if (message == YaraLibrary.CALLBACK_MSG_RULE_MATCHING && matches.size() < MOST_MATCHES) {
      MemorySegment rule = data.reinterpret(YaraLibrary.RULE_BYTES);
      MemorySegment namespace = rule.get(ADDRESS, YaraLibrary.RULE_NAMESPACE);
      matches.add(
          new YaraMatch(
              YaraLibrary.text(rule.get(ADDRESS, YaraLibrary.RULE_IDENTIFIER)),
              namespace.address() == 0
                  ? ""
                  : YaraLibrary.text(namespace.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0)),
              description(rule.get(ADDRESS, YaraLibrary.RULE_METAS))));
    }
    return YaraLibrary.CALLBACK_CONTINUE;
  }

  private static String description(MemorySegment metas) {
    if (metas.address() == 0) {
      return "";
    }
    long offset = 0;
    boolean last = false;
    while (!last) {
      MemorySegment meta =
          MemorySegment.ofAddress(metas.address() + offset).reinterpret(YaraLibrary.META_BYTES);
      if (meta.get(JAVA_INT, YaraLibrary.META_TYPE) == YaraLibrary.META_TYPE_STRING
          && YaraLibrary.text(meta.get(ADDRESS, YaraLibrary.META_IDENTIFIER))
              .equals("description")) {
        return YaraLibrary.text(meta.get(ADDRESS, YaraLibrary.META_STRING));
      }
      last = (meta.get(JAVA_INT, YaraLibrary.META_FLAGS) & YaraLibrary.META_LAST_IN_RULE) != 0;
      offset += YaraLibrary.META_BYTES;
    }
    return "";
  }

  /// What belongs to the library.
  private static final class Held implements Runnable {
    private final YaraLibrary library;
    private final MemorySegment rules;
    private final Queue<MemorySegment> idle = new ConcurrentLinkedQueue<>();

    Held(YaraLibrary library, MemorySegment rules) {
      this.library = library;
      this.rules = rules;
    }

    MemorySegment take() throws YaraException {
      MemorySegment scanner = idle.poll();
      if (scanner != null) {
        return scanner;
      }
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment place = arena.allocate(ADDRESS);
        int error = YaraLibrary.call(library.scannerCreate, rules, place);
        if (error != 0) {
          throw YaraException.of("no scanner", error);
        }
        MemorySegment made = place.get(ADDRESS, 0);
        int flags =
            YaraLibrary.SCAN_FLAGS_FAST_MODE
                | YaraLibrary.SCAN_FLAGS_NO_TRYCATCH
                | YaraLibrary.SCAN_FLAGS_REPORT_RULES_MATCHING;
        YaraLibrary.call(library.scannerSetFlags, made, flags);
        YaraLibrary.call(library.scannerSetCallback, made, MATCHED, MemorySegment.NULL);
        return made;
      }
    }

    void giveBack(MemorySegment scanner) {
      idle.add(scanner);
    }

    @Override
    public void run() {
      for (MemorySegment each = idle.poll(); each != null; each = idle.poll()) {
        YaraLibrary.call(library.scannerDestroy, each);
      }
      YaraLibrary.call(library.rulesDestroy, rules);
    }
  }
}
