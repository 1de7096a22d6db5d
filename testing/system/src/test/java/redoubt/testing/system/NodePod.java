package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The root of the node agent's image, unpacked, as a privileged pod with the node's process
/// numbers would have it: a root of its own, in a mount namespace of its own, with a systemd that
/// is process 1.
final class NodePod implements AutoCloseable {
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final SystemdContainer node;
  private final Path folder;
  private final Path root;
  private @Nullable Process running;

  /// Builds the image of a package and unpacks it.
  NodePod(SystemdContainer node, Path debianPackage) throws Exception {
    this.node = node;
    folder = Folders.make("redoubt-node-");
    Path tools = Distribution.frontDoor().resolveSibling("tools");
    Path image = folder.resolve("image");
    Outcome.of(tools.resolve("build-node-image"), image, debianPackage).requireSuccess();
    Path bundle = folder.resolve("bundle");
    Outcome.of("umoci", "unpack", "--image", image + ":latest", bundle).requireSuccess();
    root = bundle.resolve("rootfs");
  }

  /// What the pod's ConfigMap says from now on.
  void configure(String text) throws IOException {
    Path mounted = root.resolve("etc/redoubt-node");
    Path written = Files.writeString(mounted.resolve("..data"), text);
    Files.move(written, mounted.resolve("redoubt.yaml"), StandardCopyOption.REPLACE_EXISTING);
  }

  /// Starts what the pod runs.
  void start() throws IOException {
    running =
        new ProcessBuilder(command("protect"))
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
  }

  /// Runs its program with another word.
  Outcome run(String word) {
    return Outcome.of(command(word).toArray());
  }

  /// What it has said.
  String said() throws IOException {
    return Files.readString(log());
  }

  /// Ends the pod as the platform does, and returns its status.
  int end() throws Exception {
    Process pod = Objects.requireNonNull(running, "not started");
    // nsenter hands no signal on to what it started.
    pod.toHandle().children().forEach(ProcessHandle::destroy);
    if (!pod.waitFor(END_LIMIT)) {
      throw new AssertionError("the pod does not end: " + said());
    }
    return pod.exitValue();
  }

  private Path log() {
    return folder.resolve("log");
  }

  private List<String> command(String word) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("nsenter", "--target=" + node.first(), "--pid", "--"));
    command.addAll(List.of("unshare", "--mount", "--propagation=private", "--"));
    command.addAll(
        List.of("sh", "-c", "mount -t proc proc \"$1/proc\" && exec chroot \"$@\"", "sh"));
    command.add(root.toString());
    command.addAll(List.of("/bin/busybox", "env", "-i", "PATH=/usr/bin:/bin"));
    command.addAll(List.of("REDOUBT_NODE_SECONDS=1", "/usr/bin/redoubt-node", word));
    return command;
  }

  @Override
  public void close() {
    if (running != null) {
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
    }
    Outcome.of("rm", "-rf", "--one-file-system", folder).requireSuccess();
  }
}
