package redoubt.testing.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// A root of its own in which attacks may be played, and the agent that looks on: programs are the
/// host's, whatever is kept beside them is a scratch file system's. Not thread-safe.
///
/// The agent is in that root and in the host's process numbers, without which the kernel tells of
/// no process; an attacker has processes, a network and devices apart from all others.
final class AttackRange implements AutoCloseable {
  private static final Path CHECKOUT = Folders.of(Distribution.frontDoor());
  private static final int SIZE_MEBIBYTES = 256;

  private final ScratchFileSystem root;
  private final Path scripts;
  private final List<Path> hidden = new ArrayList<>(List.of(CHECKOUT));
  private final RunningAgent agent;

  private AttackRange(ScratchFileSystem root, Path rules) throws Exception {
    this.root = root;
    scripts = Folders.make("redoubt-range-");
    copy("attack-range.sh");
    copy("attack-cell.sh");
    agent =
        RunningAgent.startAt(
            this::enter, List.of("--filesystem", "/", "--rules", rules.toRealPath().toString()));
  }

  /// Makes the root and starts an agent in it that runs the rules of a folder of this checkout.
  static AttackRange start(Path rules) throws Exception {
    ScratchFileSystem root = ScratchFileSystem.ext4(SIZE_MEBIBYTES);
    try {
      return new AttackRange(root, rules);
    } catch (Exception | AssertionError e) {
      root.close();
      throw e;
    }
  }

  private void copy(String name) throws IOException {
    try (InputStream text = AttackRange.class.getResourceAsStream(name)) {
      Files.copy(
          Objects.requireNonNull(text), scripts.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private List<String> enter(Path folder) throws IOException {
    Path java = Path.of(Files.readString(CHECKOUT.resolve("build/dist/aot/java-home")).strip());
    hidden.add(folder);
    hidden.add(scripts);
    if (!java.startsWith("/usr")) {
      hidden.add(java);
    }
    return List.of(
        "unshare",
        "--mount",
        "--propagation=private",
        "sh",
        scripts.resolve("attack-range.sh").toString(),
        root.root().toString(),
        lines(hidden));
  }

  private static String lines(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining("\n"));
  }

  /// The agent.
  RunningAgent agent() {
    return agent;
  }

  /// Plays a script of this checkout, or of the host's programs, as an attacker who is root.
  Outcome play(Path script) throws Exception {
    return Outcome.of(
        "nsenter",
        "--mount",
        "--target=" + agent.pid(),
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--net",
        "--ipc",
        "--uts",
        "sh",
        scripts.resolve("attack-cell.sh"),
        script.toRealPath(),
        lines(hidden));
  }

  @Override
  public void close() throws IOException {
    agent.close();
    root.close();
    Outcome.of("rm", "-rf", "--one-file-system", scripts);
  }
}
