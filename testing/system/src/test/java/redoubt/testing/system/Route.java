package redoubt.testing.system;

import java.nio.file.Files;
import java.nio.file.Path;

/// The ways by which a file on a covered file system comes to be used.
///
/// Each uses a file that lies alone in a folder of its own, and leaves nothing behind but files in
/// that folder.
enum Route {
  DIRECT_EXEC(file -> Outcome.of(file)),
  EXEC_AS_ANOTHER_USER(
      file -> Outcome.of("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", file)),
  SYMBOLIC_LINK(file -> Outcome.of(Files.createSymbolicLink(beside(file, "symbolic"), file))),
  HARD_LINK(file -> Outcome.of(Files.createLink(beside(file, "hard"), file))),
  COPY(file -> {
    Outcome.of("cp", file, beside(file, "copy")).requireSuccess();
    return Outcome.of(beside(file, "copy"));
  }),
  AFTER_RENAME(file -> {
    Outcome.of(file);
    Outcome.of("mv", file, beside(file, "renamed")).requireSuccess();
    return Outcome.of(beside(file, "renamed"));
  }),
  LATER_BIND_MOUNT(file -> {
    Path mount = Folders.make("redoubt-bind-");
    Outcome.of("mount", "--bind", Folders.of(file), mount).requireSuccess();
    try {
      return Outcome.of(mount.resolve(file.getFileName()));
    } finally {
      Mounts.unmount(mount);
      Files.delete(mount);
    }
  }),
  NEW_MOUNT_NAMESPACE(file -> Outcome.of("unshare", "--mount", file)),
  NEW_USER_AND_MOUNT_NAMESPACE(
      file -> Outcome.of("unshare", "--user", "--map-root-user", "--mount", file)),
  CHROOT(file -> Outcome.of("chroot", Folders.of(file), "/" + file.getFileName())),
  OVERLAY_LOWER(file -> {
    Path work = Folders.make("redoubt-overlay-");
    try {
      return inPrivateMounts(
          "mount -t tmpfs layers \"$1\" && mkdir \"$1/upper\" \"$1/work\" \"$1/merged\""
              + " && mount -t overlay -o \"lowerdir=$2,upperdir=$1/upper,workdir=$1/work\""
              + " merged \"$1/merged\" && exec \"$1/merged/$3\"",
          work,
          Folders.of(file),
          file.getFileName());
    } finally {
      Files.delete(work);
    }
  }),
  DELETED_BY_DESCRIPTOR(file -> Outcome.of(Programs.path("descriptor"), "unlinked", file)),
  DELETED_BY_PROC(file -> Outcome.of(Programs.path("descriptor"), "proc", file)),
  PATH_ONLY_DESCRIPTOR(file -> Outcome.of(Programs.path("descriptor"), "path-only-exec", file)),
  EXECVE_CHECK(file -> Outcome.of(Programs.path("descriptor"), "check", file)),

  PLAIN_OPEN(file -> Outcome.of("cat", file)),
  IO_URING_OPEN(file -> Outcome.of(Programs.path("uringopen"), file)),
  SHELL_READS_SCRIPT(file -> Outcome.of("sh", file)),
  SHELL_READS_STANDARD_INPUT(file -> Outcome.of("sh", "-c", "exec sh <\"$1\"", "sh", file)),
  LOADER_STARTS_PROGRAM(file -> Outcome.of(Programs.loader(), file)),
  PRELOADED_LIBRARY(file -> Outcome.of("env", "LD_PRELOAD=" + file, "true")),

  SHELL_TEXT_AS_ARGUMENT(file -> Outcome.of("sh", "-c", "sh -c \"$(cat \"$1\")\"", "sh", file)),
  SHELL_TEXT_ON_STANDARD_INPUT(file -> Outcome.of("sh", "-c", "cat \"$1\" | sh", "sh", file)),
  IN_MEMORY(file -> Outcome.of(Programs.path("descriptor"), "memory", file)),
  PATH_ONLY_OPEN(file -> Outcome.of(Programs.path("descriptor"), "path-only", file)),
  PASSED_DESCRIPTOR(file -> Outcome.of(Programs.path("descriptor"), "passed", file)),
  INHERITED_DESCRIPTOR(
      file -> Outcome.of("sh", "-c", "exec 3<\"$1\"; cat <&3; exit 0", "sh", file)),
  NAMES_AND_MODES(file ->
      Outcome.of(
          "sh",
          "-c",
          "mv \"$1\" \"$1.2\" && chmod 700 \"$1.2\" && ln \"$1.2\" \"$1\" && rm \"$1.2\""
              + " && echo '"
              + Specimen.GREETING
              + "'",
          "sh",
          file)),
  EXEC_WHILE_WRITTEN(file -> Outcome.of(Programs.path("descriptor"), "written", file));

  private interface Way {
    Outcome take(Path file) throws Exception;
  }

  @SuppressWarnings("ImmutableEnumChecker") // ways capture nothing
  private final Way way;

  Route(Way way) {
    this.way = way;
  }

  /// Uses the file.
  Outcome take(Path file) throws Exception {
    return way.take(file);
  }

  private static Path beside(Path file, String name) {
    return file.resolveSibling(name);
  }

  /// Runs a shell script in a mount namespace that ends with it.
  private static Outcome inPrivateMounts(String script, Object... arguments) {
    Object[] command = new Object[arguments.length + 6];
    System.arraycopy(
        new Object[] {"unshare", "--mount", "sh", "-c", script, "sh"}, 0, command, 0, 6);
    System.arraycopy(arguments, 0, command, 6, arguments.length);
    return Outcome.of(command);
  }
}
