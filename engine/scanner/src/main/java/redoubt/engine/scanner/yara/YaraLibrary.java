package redoubt.engine.scanner.yara;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The functions and structures of the library that are used, as its headers have them
/// (`yara/compiler.h`, `yara/scanner.h`, `yara/types.h`). Thread-safe.
@SuppressWarnings("restricted") // this binding is what the engine was given the right for
final class YaraLibrary {
  /// The one whose structures these are; another would be misread.
  private static final String NAME = "libyara.so.9";

  /// Without it the library takes over SIGSEGV and SIGBUS, which the JVM needs.
  static final int SCAN_FLAGS_NO_TRYCATCH = 4;

  static final int SCAN_FLAGS_FAST_MODE = 1;
  static final int SCAN_FLAGS_REPORT_RULES_MATCHING = 8;

  static final int CALLBACK_CONTINUE = 0;
  static final int CALLBACK_ABORT = 1;
  static final int CALLBACK_MSG_RULE_MATCHING = 1;
  static final int CALLBACK_MSG_TOO_MANY_MATCHES = 6;

  // struct YR_RULE
  static final long RULE_IDENTIFIER = 8;
  static final long RULE_METAS = 24;
  static final long RULE_NAMESPACE = 40;
  static final long RULE_BYTES = 48;

  // struct YR_META
  static final long META_IDENTIFIER = 0;
  static final long META_STRING = 8;
  static final long META_TYPE = 24;
  static final long META_FLAGS = 28;
  static final long META_BYTES = 32;
  static final int META_TYPE_STRING = 2;
  static final int META_LAST_IN_RULE = 1;

  /// `struct YR_RULES_STATS`, with room to spare; the number of rules comes first.
  static final long STATS_BYTES = 4096;

  private static final int LONGEST_TEXT = 4096;

  private static final @Nullable YaraLibrary LOADED = load();

  private final SymbolLookup symbols;

  final MethodHandle compilerCreate;
  final MethodHandle compilerDestroy;
  final MethodHandle compilerSetCallback;
  final MethodHandle compilerSetIncludeCallback;
  final MethodHandle compilerAddString;
  final MethodHandle compilerDefineString;
  final MethodHandle compilerGetRules;
  final MethodHandle rulesDestroy;
  final MethodHandle rulesGetStats;
  final MethodHandle scannerCreate;
  final MethodHandle scannerDestroy;
  final MethodHandle scannerSetCallback;
  final MethodHandle scannerSetTimeout;
  final MethodHandle scannerSetFlags;
  final MethodHandle scannerDefineString;
  final MethodHandle scannerScanMemory;

  private YaraLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
    compilerCreate = function("yr_compiler_create", JAVA_INT, ADDRESS);
    compilerDestroy = function("yr_compiler_destroy", null, ADDRESS);
    compilerSetCallback = function("yr_compiler_set_callback", null, ADDRESS, ADDRESS, ADDRESS);
    compilerSetIncludeCallback =
        function("yr_compiler_set_include_callback", null, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    compilerAddString = function("yr_compiler_add_string", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    compilerDefineString =
        function("yr_compiler_define_string_variable", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    compilerGetRules = function("yr_compiler_get_rules", JAVA_INT, ADDRESS, ADDRESS);
    rulesDestroy = function("yr_rules_destroy", JAVA_INT, ADDRESS);
    rulesGetStats = function("yr_rules_get_stats", JAVA_INT, ADDRESS, ADDRESS);
    scannerCreate = function("yr_scanner_create", JAVA_INT, ADDRESS, ADDRESS);
    scannerDestroy = function("yr_scanner_destroy", null, ADDRESS);
    scannerSetCallback = function("yr_scanner_set_callback", null, ADDRESS, ADDRESS, ADDRESS);
    scannerSetTimeout = function("yr_scanner_set_timeout", null, ADDRESS, JAVA_INT);
    scannerSetFlags = function("yr_scanner_set_flags", null, ADDRESS, JAVA_INT);
    scannerDefineString =
        function("yr_scanner_define_string_variable", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    scannerScanMemory = function("yr_scanner_scan_mem", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  }

  /// The library, if this host has it.
  static Optional<YaraLibrary> find() {
    return Optional.ofNullable(LOADED);
  }

  private static @Nullable YaraLibrary load() {
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(NAME, Arena.global());
    } catch (IllegalArgumentException _) {
      return null;
    }
    YaraLibrary library = new YaraLibrary(symbols);
    int error = call(library.function("yr_initialize", JAVA_INT));
    if (error != 0) {
      throw new IllegalStateException("libyara cannot be used: error=" + error);
    }
    return library;
  }

  private MethodHandle function(
      String name, @Nullable MemoryLayout result, MemoryLayout... parameters) {
    FunctionDescriptor descriptor =
        result == null
            ? FunctionDescriptor.ofVoid(parameters)
            : FunctionDescriptor.of(result, parameters);
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
  }

  /// Calls a function that gives an int, or nothing.
  static int call(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments) instanceof Integer result ? result : 0;
    } catch (Throwable e) {
      throw new IllegalStateException("libyara could not be called", e);
    }
  }

  /// Makes a static method callable by the library, for ever.
  static MemorySegment callback(
      MethodHandles.Lookup lookup, String method, MethodType type, FunctionDescriptor descriptor) {
    try {
      MethodHandle handle = lookup.findStatic(lookup.lookupClass(), method, type);
      return Linker.nativeLinker().upcallStub(handle, descriptor, Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no such callback: method=" + method, e);
    }
  }

  /// The text at an address that the library keeps; empty for none.
  static String text(MemorySegment address) {
    if (address.address() == 0) {
      return "";
    }
    MemorySegment bytes = address.reinterpret(LONGEST_TEXT);
    int length = 0;
    while (length < LONGEST_TEXT && bytes.get(JAVA_BYTE, length) != 0) {
      length++;
    }
    byte[] text = bytes.asSlice(0, length).toArray(JAVA_BYTE);
    return new String(text, StandardCharsets.UTF_8);
  }
}
