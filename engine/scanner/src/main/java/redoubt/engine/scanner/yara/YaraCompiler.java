package redoubt.engine.scanner.yara;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Compiles rules from their source. Used once, by one thread.
///
/// After an error the library's compiler is of no use any more, so rules that have one are found
/// out file by file, and what is left is compiled together.
final class YaraCompiler {
  /// What rules may ask of a file beside its content, as the well-known collections do. What is not
  /// known of it is an empty text.
  static final List<String> VARIABLES =
      List.of("filename", "filepath", "extension", "filetype", "owner", "md5");

  private static final int MOST_ERRORS_OF_FILE = 4;

  /// The library calls itself for each level of a regular expression, of which it takes 6,000.
  private static final long STACK_BYTES = 16L << 20;

  private static final int LEVEL_ERROR = 0;

  private static final MemorySegment REPORT =
      YaraLibrary.callback(
          MethodHandles.lookup(),
          "report",
          MethodType.methodType(
              void.class,
              int.class,
              MemorySegment.class,
              int.class,
              MemorySegment.class,
              MemorySegment.class,
              MemorySegment.class),
          FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

  /// What the compiler that runs on this thread says of the file that it reads.
  private static final ThreadLocal<List<String>> ERRORS = ThreadLocal.withInitial(ArrayList::new);

  private final YaraLibrary library;

  YaraCompiler(YaraLibrary library) {
    this.library = library;
  }

  /// Compiles rules.
  ///
  /// @param sources each file by its name; one that has a NUL ends there
  /// @param problems gets what is wrong, by file; such a file is left out
  /// @return the library's rules, which are the caller's to destroy
  /// @throws YaraException if no file is left, or the library fails
  MemorySegment compile(SequencedMap<String, byte[]> sources, Map<String, List<String>> problems)
      throws YaraException {
    FutureTask<MemorySegment> compiled = new FutureTask<>(() -> compileHere(sources, problems));
    Thread.ofPlatform().name("yara-compiler").stackSize(STACK_BYTES).start(compiled);
    try {
      return compiled.get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new YaraException("interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof YaraException refused
          ? refused
          : new YaraException("the compiler failed: " + e.getCause());
    }
  }

  private MemorySegment compileHere(
      SequencedMap<String, byte[]> sources, Map<String, List<String>> problems)
      throws YaraException {
    try (Attempt whole = new Attempt()) {
      if (whole.addAll(sources)) {
        return whole.rules();
      }
    }
    for (Map.Entry<String, byte[]> each : sources.entrySet()) {
      try (Attempt alone = new Attempt()) {
        if (!alone.add(each.getKey(), each.getValue())) {
          problems.put(each.getKey(), List.copyOf(ERRORS.get()));
        }
      }
    }
    try (Attempt rest = new Attempt()) {
      for (Map.Entry<String, byte[]> each : sources.entrySet()) {
        if (!problems.containsKey(each.getKey()) && !rest.add(each.getKey(), each.getValue())) {
          throw new YaraException(
              "the rules do not go together: file=" + each.getKey() + " " + ERRORS.get());
        }
      }
      if (problems.size() == sources.size()) {
        throw new YaraException("no file of rules can be used");
      }
      return rest.rules();
    }
  }

  /// Called by the library.
  @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // the library says what comes
  private static void report(
      int level,
      MemorySegment file,
      int line,
      MemorySegment rule,
      MemorySegment message,
      MemorySegment user) {
    List<String> errors = ERRORS.get();
    if (level == LEVEL_ERROR && errors.size() < MOST_ERRORS_OF_FILE) {
      errors.add("line " + line + ": " + YaraLibrary.text(message));
    }
  }

  /// One compiler of the library's.
  private final class Attempt implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment compiler;

    Attempt() throws YaraException {
      MemorySegment place = arena.allocate(ADDRESS);
      int error = YaraLibrary.call(library.compilerCreate, place);
      if (error != 0) {
        arena.close();
        throw YaraException.of("no compiler", error);
      }
      compiler = place.get(ADDRESS, 0);
      MemorySegment none = MemorySegment.NULL;
      YaraLibrary.call(library.compilerSetCallback, compiler, REPORT, none);
      // Rules of one file that pull in others would read this process's files.
      YaraLibrary.call(library.compilerSetIncludeCallback, compiler, none, none, none);
      for (String variable : VARIABLES) {
        YaraLibrary.call(
            library.compilerDefineString,
            compiler,
            arena.allocateFrom(variable),
            arena.allocateFrom(""));
      }
    }

    boolean addAll(SequencedMap<String, byte[]> sources) {
      for (Map.Entry<String, byte[]> each : sources.entrySet()) {
        if (!add(each.getKey(), each.getValue())) {
          return false;
        }
      }
      return true;
    }

    /// Adds a file, whose rules are in a namespace of their own.
    boolean add(String name, byte[] source) {
      ERRORS.get().clear();
      try (Arena texts = Arena.ofConfined()) {
        return YaraLibrary.call(
                library.compilerAddString,
                compiler,
                text(texts, source),
                texts.allocateFrom(name.replace('\0', '?')))
            == 0;
      }
    }

    private static MemorySegment text(Arena texts, byte[] source) {
      MemorySegment text = texts.allocate(source.length + 1L);
      MemorySegment.copy(source, 0, text, JAVA_BYTE, 0, source.length);
      return text;
    }

    MemorySegment rules() throws YaraException {
      MemorySegment place = arena.allocate(ADDRESS);
      int error = YaraLibrary.call(library.compilerGetRules, compiler, place);
      if (error != 0) {
        throw YaraException.of("the rules cannot be made ready", error);
      }
      return place.get(ADDRESS, 0);
    }

    @Override
    public void close() {
      YaraLibrary.call(library.compilerDestroy, compiler);
      arena.close();
    }
  }
}
