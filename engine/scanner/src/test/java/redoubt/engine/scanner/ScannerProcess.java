package redoubt.engine.scanner;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.compress.archivers.ArchiveStreamFactory;
import org.apache.commons.io.IOUtils;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketListener;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.AgentMessage.Event;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireLimits;
import redoubt.engine.kit.Engine;

/// The scanner in a process of its own, started with the flags of the installed one, and the
/// agent's end of its socket.
final class ScannerProcess implements AutoCloseable {
  private static final Path JVM_FLAGS = Path.of("../../packaging/libexec/jvm-flags.sh");
  private static final String VERSION = "test-1";
  private static final int WAIT_SECONDS = 20;

  private final Process process;
  private final SeqPacketSocket socket;
  private final ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 1);
  private long sequence;
  private long lastEvent;

  private ScannerProcess(Process process, SeqPacketSocket socket) {
    this.process = process;
    this.socket = socket;
  }

  /// Starts it and goes through hello and welcome.
  static ScannerProcess start(Path directory) throws Exception {
    Path path = directory.resolve("engine.sock");
    Files.deleteIfExists(path);
    try (SeqPacketListener listener = SeqPacketListener.bind(path, 0600)) {
      ProcessBuilder builder = new ProcessBuilder(command()).inheritIO();
      builder.environment().put("REDOUBT_SOCKET", path.toString());
      ScannerProcess scanner = new ScannerProcess(builder.start(), listener.accept());
      scanner.expect(EngineMessage.Hello.class);
      Set<EventClass> classes = EventClass.answerable();
      scanner.send(
          new AgentMessage.Welcome(
              1, "scanner", "0", classes, Set.of(), EngineMode.ENFORCE, 64, 250));
      return scanner;
    }
  }

  /// Hands over a list that must be taken, and waits until the engine is ready.
  void load(String list) throws Exception {
    say(content(list), list.getBytes(UTF_8));
    expect(EngineMessage.ContentLoaded.class);
    expect(EngineMessage.Ready.class);
  }

  AgentMessage content(String list) {
    return new AgentMessage.LoadContent(
        "test", VERSION, new Sha256(0, 0, 0, 0), list.getBytes(UTF_8).length);
  }

  EngineMessage.EventVerdict judgeByDigest(Sha256 digest) throws Exception {
    send(new AgentMessage.Events(0, List.of(event(digest, 0, 1_000_000))));
    return expectVerdict();
  }

  /// Asks about an unstable file without a digest.
  EngineMessage.EventVerdict judgeByContent(byte[] file) throws Exception {
    ask(contentEvent(file.length, 1_000_000), file);
    return expectVerdict();
  }

  Event contentEvent(long sizeBytes, long budgetMicros) {
    return event(null, sizeBytes, budgetMicros);
  }

  void ask(Event event, byte[] file) throws Exception {
    say(new AgentMessage.Events(0, List.of(event)), file);
  }

  /// Sends a message with a descriptor of memory that holds `bytes`.
  void say(AgentMessage message, byte[] bytes) {
    int descriptor = Descriptors.sealedMemory("scanner-test", bytes);
    send(message, descriptor);
    Descriptors.close(descriptor);
  }

  <M extends EngineMessage> M expect(Class<M> kind) throws Exception {
    int length = socket.receive(buffer);
    if (length <= 0) {
      throw new AssertionError("scanner ended: result=" + length);
    }
    return kind.cast(EngineCodec.decodeFromEngine(buffer.data()).message());
  }

  /// The process's resident memory now.
  private long residentKib() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      String line = lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
  }

  /// Waits until the process has at most that much resident memory, or for half a minute.
  ///
  /// @return the last look
  long awaitResidentKib(long mostKib) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    long now = residentKib();
    while (now > mostKib && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      now = residentKib();
    }
    return now;
  }

  /// Closes the agent's end and waits for the exit status.
  int hangUp() throws Exception {
    socket.close();
    if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("scanner does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    socket.close();
    buffer.close();
    process.destroyForcibly();
  }

  private EngineMessage.EventVerdict expectVerdict() throws Exception {
    return expect(EngineMessage.Verdicts.class).verdicts().getFirst();
  }

  private void send(AgentMessage message, int... descriptors) {
    sequence++;
    byte[] bytes = EngineCodec.encode(sequence, message);
    socket.send(bytes, bytes.length, descriptors, descriptors.length, true);
  }

  private Event event(@Nullable Sha256 digest, long sizeBytes, long budgetMicros) {
    lastEvent++;
    return new Event(
        lastEvent,
        EventClass.EXEC,
        true,
        budgetMicros,
        null,
        1,
        0,
        1,
        0,
        0,
        0,
        0,
        "/tmp/file",
        new FileIdentity(1, 2, 3, 4, 5, sizeBytes),
        digest,
        digest != null,
        digest == null);
  }

  private static List<String> command() throws Exception {
    List<String> command = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC"));
    command.addAll(limits());
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

  /// The flags with which the installed scanner is started.
  private static List<String> limits() throws Exception {
    Process shell =
        new ProcessBuilder(
                "sh", "-c", ". " + JVM_FLAGS + "; redoubt_jvm_limits scanner; echo \"$limits\"")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String words = new String(shell.getInputStream().readAllBytes(), UTF_8).strip();
    if (shell.waitFor() != 0 || words.isEmpty()) {
      throw new IOException("no flags for the scanner: file=" + JVM_FLAGS);
    }
    return List.of(words.split(" +"));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String modulePath() {
    return Stream.of(
            Scanner.class,
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
        .map(ScannerProcess::location)
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
