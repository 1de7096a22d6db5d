package redoubt.engine.allowlist;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an opened file is to the program that opens it, as far as that can be told: a kernel says
/// of an open only that there is one.
///
/// A program that runs other people's code is known by its name: one that has another name is of no
/// package, and does not run. Code is known by how the program was told of it, by its name, or by
/// its first bytes. What is neither, such as a script without `#!` that another script sources, is
/// taken for data.
enum CodeUse {
  /// Code that an interpreter runs.
  SCRIPT,
  /// Machine code that a program loads, or that a loader runs.
  LIBRARY,
  /// Anything else.
  DATA;

  /// How many of a file's first bytes tell.
  static final int MAGIC_BYTES = 4;

  /// Programs that run other people's code, and what they call it: the end of a name, and perhaps
  /// the first bytes.
  private enum Language {
    SHELL("(?:ba|da|z|k|mk|pdk|c|tc|fi|a)?sh|busybox|toybox", "sh bash zsh ksh csh fish"),
    PYTHON("python[0-9.]*|pypy[0-9.]*", "py pyc pyo pyw pyz whl egg so"),
    PERL("perl[0-9.]*", "pl pm ph al so"),
    RUBY("ruby[0-9.]*|irb", "rb so"),
    PHP("php[0-9.]*(?:-cgi|-fpm)?", "php phar inc so"),
    JAVASCRIPT("node(?:js)?|deno|bun", "js mjs cjs ts mts node wasm"),
    LUA("lua(?:jit)?[0-9.]*", "lua luac so"),
    TCL("tclsh[0-9.]*|wish[0-9.]*|expect", "tcl tm exp so"),
    JAVA("java|jshell|groovy|scala", "jar class war jmod so"),
    DOTNET("dotnet|mono(?:-sgen)?|pwsh", "dll exe ps1 psm1 so"),
    AWK("[gmn]awk|original-awk|awk", "awk"),
    OTHER(
        "Rscript|R|guile[0-9.]*|ocamlrun|julia|escript|erl|elixir|swipl|sbcl|wine(?:64)?"
            + "|qemu-[a-z0-9_]+(?:-static)?",
        "r scm jl beam ex exs pro lisp fasl exe dll so");

    private final Pattern programs;

    /// With a blank before and behind each.
    private final String ends;

    Language(String programs, String ends) {
      this.programs = Pattern.compile(programs);
      this.ends = " " + ends + " ";
    }

    static Optional<Language> of(String program) {
      return Arrays.stream(values())
          .filter(language -> language.programs.matcher(program).matches())
          .findFirst();
    }
  }

  private static final Pattern LOADER =
      Pattern.compile("ld(?:-linux[-a-z0-9_]*|-musl-[a-z0-9_]+|64)?\\.so.*|ld-[0-9.]+\\.so");

  private static final Pattern LIBRARY_VERSION = Pattern.compile("\\.so(?:\\.[0-9]+)+$");

  private static final int ELF = 0x7f454c46;
  private static final int JAVA_CLASS = 0xcafebabe;
  private static final int SHEBANG = 0x2321;

  /// Whether a program that an image's path names runs code of files that it opens.
  static boolean runsCode(String image) {
    String name = nameOf(image);
    return isLoader(name) || Language.of(name).isPresent();
  }

  private static boolean isLoader(String name) {
    return LOADER.matcher(name).matches();
  }

  /// What the file is.
  ///
  /// @param image the program that opens it
  /// @param path the file's path
  /// @param operand which operand of the program's command names it, 0 if none
  /// @param magic its first four bytes, big-endian; 0 if there are fewer
  /// @param libraries whether it matters what other programs load
  static CodeUse of(String image, String path, int operand, int magic, boolean libraries) {
    String program = nameOf(image);
    if (isLoader(program)) {
      return magic == ELF ? LIBRARY : DATA;
    }
    Optional<Language> language = Language.of(program);
    if (language.isPresent() && isCode(language.get(), path, operand, magic)) {
      return magic == ELF ? LIBRARY : SCRIPT;
    }
    return libraries && magic == ELF ? LIBRARY : DATA;
  }

  private static boolean isCode(Language language, String path, int operand, int magic) {
    return operand == 1
        || language.ends.contains(" " + endOf(path) + " ")
        || (language == Language.SHELL && magic >>> 16 == SHEBANG)
        || (language == Language.JAVA && magic == JAVA_CLASS);
  }

  /// The kernel puts a mark behind the path of a program whose file was removed.
  private static String nameOf(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.endsWith(" (deleted)")
        ? name.substring(0, name.length() - " (deleted)".length())
        : name;
  }

  private static String endOf(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (LIBRARY_VERSION.matcher(name).find()) {
      return "so";
    }
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
