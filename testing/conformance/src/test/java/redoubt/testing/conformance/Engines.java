package redoubt.testing.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.compress.archivers.ArchiveStreamFactory;
import org.apache.commons.io.IOUtils;
import org.apache.commons.lang3.StringUtils;
import org.tukaani.xz.XZInputStream;
import redoubt.core.linux.Descriptors;
import redoubt.core.model.Sha256;
import redoubt.core.wire.EngineCodec;
import redoubt.engine.kit.Engine;

/// The commands that start the engines of this repository. Those in other languages are built
/// first.
final class Engines {
  private static final Path EXAMPLES =
      Path.of("../../engine/examples").toAbsolutePath().normalize();
  private static final Path BUILT = Path.of("target/examples").toAbsolutePath();
  private static final Path WRONG = Path.of("src/test/python/wrong_engine.py").toAbsolutePath();
  private static final Path JVM_FLAGS = Path.of("../../packaging/libexec/jvm-flags.sh");
  private static final String PYTHON = "/usr/bin/python3"; // the one that Debian's packages are for

  private Engines() {}

  /// The first-party scanner, with the flags of the installed one.
  static List<String> scanner() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    String limits =
        run("sh", "-c", ". " + JVM_FLAGS + "; redoubt_jvm_limits scanner; echo \"$limits\"");
    command.addAll(List.of(limits.strip().split(" +")));
    command.addAll(
        List.of(
            "--illegal-native-access=deny",
            "--enable-native-access=redoubt.core.linux,redoubt.engine.scanner",
            "--module-path",
            modulePath(),
            "-m",
            "redoubt.engine.scanner/redoubt.engine.scanner.Main"));
    return command;
  }

  /// The example in C.
  static List<String> c() throws IOException, InterruptedException {
    make("c");
    return List.of(BUILT.resolve("c/hash-engine").toString());
  }

  /// The example in Python.
  static List<String> python() throws IOException, InterruptedException {
    make("python");
    return List.of(
        "/usr/bin/env",
        "HASH_ENGINE_BUILD=" + BUILT.resolve("python"),
        PYTHON,
        EXAMPLES.resolve("python/hash_engine.py").toString());
  }

  /// The example in Python with a fault.
  static List<String> wrong(String fault) throws IOException, InterruptedException {
    make("python");
    return List.of(
        "/usr/bin/env",
        "PYTHONDONTWRITEBYTECODE=1",
        "HASH_ENGINE_BUILD=" + BUILT.resolve("python"),
        "HASH_ENGINE_HOME=" + EXAMPLES.resolve("python"),
        PYTHON,
        WRONG.toString(),
        fault);
  }

  /// An engine of the protocol's `version`, as it was when that was fixed.
  static List<String> frozen(String version) throws IOException, InterruptedException {
    Path built = BUILT.resolveSibling("frozen").resolve(version);
    make(Path.of("frozen").toAbsolutePath().resolve(version), built);
    return List.of(built.resolve("hash-engine").toString());
  }

  private static void make(String language) throws IOException, InterruptedException {
    make(EXAMPLES.resolve(language), BUILT.resolve(language));
  }

  /// One at a time: several tests want the same.
  private static synchronized void make(Path sources, Path built)
      throws IOException, InterruptedException {
    run("make", "-s", "-C", sources.toString(), "OUT=" + built);
  }

  /// Runs a program to its end.
  ///
  /// @return what it printed
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("failed: command=" + List.of(command) + " output=" + output);
    }
    return output;
  }

  private static String modulePath() {
    return Stream.of(
            redoubt.engine.scanner.Main.class,
            Engine.class,
            EngineCodec.class,
            Descriptors.class,
            Sha256.class,
            CodedInputStream.class,
            ArchiveStreamFactory.class,
            XZInputStream.class,
            IOUtils.class,
            Hex.class,
            StringUtils.class)
        .map(Engines::location)
        .collect(Collectors.joining(":"));
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
