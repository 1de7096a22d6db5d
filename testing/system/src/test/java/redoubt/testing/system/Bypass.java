package redoubt.testing.system;

import java.util.ArrayList;
import java.util.List;

/// Ways around application control that the public literature names, each a command of a user who
/// has no rights but to write files of his own. `docs/limitations.md` lists those that succeed.
///
/// A command runs in a folder with `program`, a static one; `dynamic`, one that needs the loader;
/// `library.so`; `text`, a shell script without a first line; `script.sh`, with one; `module.py`,
/// `plain`, Python without an end to its name; `Module.pm`; `link`, which leads to `text`.
enum Bypass {
  EXECUTE(Fate.DENIED, "./program"),
  EXECUTE_SCRIPT(Fate.DENIED, "./script.sh"),
  EXECUTE_BY_ANOTHER_PROGRAM(Fate.DENIED, "timeout 5 find . -name program -exec {} ;"),
  EXECUTE_FROM_AWK(Fate.DENIED, "awk", "BEGIN { system(\"./program\") }"),
  EXECUTE_RENAMED(Fate.DENIED, "sh", "-c", "mv program ls && PATH=. ls"),
  EXECUTE_A_DESCRIPTOR(Fate.DENIED, "sh", "-c", "/proc/self/fd/3 3<program"),
  EXECUTE_IN_OTHER_MOUNTS(
      Fate.DENIED,
      "unshare",
      "--user",
      "--map-root-user",
      "--mount",
      "sh",
      "-c",
      "mount --bind program /usr/bin/true && /usr/bin/true"),
  CHANGE_AFTER_TRUST(Fate.DENIED, "sh", "-c", "cat library.so >> program; ./program"),
  LOADER(Fate.DENIED, "LOADER ./dynamic"),
  LOADER_PRELOAD(Fate.DENIED, "LOADER --preload ./library.so /bin/true"),
  TELL_A_SHELL(Fate.DENIED, "sh text"),
  TELL_A_SHELL_BY_LINK(Fate.DENIED, "sh link"),
  TELL_A_SHELL_OF_A_DESCRIPTOR(Fate.DENIED, "sh", "-c", "exec sh /dev/fd/3 3<text"),
  TELL_A_SHELL_WITH_OPTIONS(Fate.DENIED, "bash --norc -e text"),
  SOURCE_A_SCRIPT(Fate.DENIED, "sh", "-c", ". ./script.sh"),
  TELL_PYTHON(Fate.DENIED, "/usr/bin/python3 plain"),
  IMPORT_INTO_PYTHON(Fate.DENIED, "/usr/bin/python3", "-c", "import module"),
  START_PYTHON_ELSEWHERE(Fate.DENIED, "env PYTHONPATH=. /usr/bin/python3 -m module"),
  USE_IN_PERL(Fate.DENIED, "perl -I. -MModule -e 1"),
  PIPE_INTO_A_SHELL(Fate.SUCCEEDS, "sh", "-c", "cat script.sh | sh"),
  GIVE_A_SHELL_ITS_TEXT(Fate.SUCCEEDS, "sh", "-c", "sh -c \"$(cat text)\""),
  SOURCE_WHAT_LOOKS_LIKE_DATA(Fate.SUCCEEDS, "sh", "-c", ". ./text"),
  BASH_ENVIRONMENT(Fate.SUCCEEDS, "env BASH_ENV=./text bash -c :"),
  READ_INTO_PYTHON(Fate.SUCCEEDS, "/usr/bin/python3", "-c", "exec(open('plain').read())"),
  MEMORY_FILE(
      Fate.SUCCEEDS,
      "/usr/bin/python3",
      "-c",
      "import os; f = os.memfd_create('m', 0); os.write(f, open('program', 'rb').read());"
          + " os.execv('/proc/self/fd/%d' % f, ['m'])"),
  PRELOAD(Fate.LIBRARY, "env LD_PRELOAD=./library.so /bin/cat /dev/null"),
  AUDIT(Fate.LIBRARY, "env LD_AUDIT=./library.so /bin/cat /dev/null"),
  LOAD_INTO_PYTHON(
      Fate.DENIED, "/usr/bin/python3", "-c", "import ctypes; ctypes.CDLL('./library.so')");

  /// What becomes of it.
  enum Fate {
    /// It is denied.
    DENIED,
    /// It is denied with `--libraries` only.
    LIBRARY,
    /// Nothing that the kernel tells stands against it.
    SUCCEEDS
  }

  private final Fate fate;

  /// A word a line.
  private final String words;

  Bypass(Fate fate, String... words) {
    this.fate = fate;
    this.words = words.length == 1 ? words[0].replace(' ', '\n') : String.join("\n", words);
  }

  Fate fate() {
    return fate;
  }

  /// The command, for a folder, as a user without rights.
  Object[] command(Object folder) {
    List<Object> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--inh-caps=-all",
                "env",
                "--chdir=" + folder));
    words.lines().forEach(word -> command.add(word.equals("LOADER") ? Programs.loader() : word));
    return command.toArray();
  }
}
