package redoubt.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketListener;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EngineMode;
import redoubt.core.wire.ControlCodec;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// Runs what people ask most often, in one process and against an agent that it plays itself, so
/// that a start-up cache can be written in which these commands are found.
final class Training {
  private static final int FILES = 3_000;
  private static final int TIMES = 20;
  private static final int OWNER_ONLY = 0600;

  private final Path ground;
  private final Session session;

  private Training(Path ground) {
    this.ground = ground;
    this.session =
        new Session(
            new Terminal(
                new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), true),
            new Directories(
                ground,
                ground,
                ground,
                Directories.of(System.getenv()).home(),
                ground,
                ground.resolve("access")),
            Clock.system(ZoneId.systemDefault()));
  }

  /// Trains.
  ///
  /// @param ground an empty folder, which is left to the caller
  /// @return [ExitCode#OK], or [ExitCode#INTERNAL] if a command did not do what it should
  static int run(Path ground) throws IOException {
    try (SeqPacketListener listener =
        SeqPacketListener.bind(ground.resolve("control.sock"), OWNER_ONLY)) {
      Thread.ofPlatform().daemon().name("agent").start(() -> serve(listener));
      return new Training(ground).train();
    }
  }

  private int train() throws IOException {
    Path files = Files.createDirectory(ground.resolve("files"));
    for (int i = 0; i < FILES; i++) {
      Files.createFile(files.resolve("file-" + i));
    }
    int status = ExitCode.OK;
    for (int i = 0; i < TIMES; i++) {
      status |= ask("status") | ask("status", "--json") | ask("engines") | ask("scan", files);
    }
    status |= ask("scan", "--json", "--all", files) | ask("metrics") | ask("top", "--looks", "1");
    // These say that there is nothing to be seen, in the words of those for whom there is.
    ask("events");
    ask("why", files);
    ask("allow", "list");
    ask("--help");
    return status == ExitCode.OK ? ExitCode.OK : ExitCode.INTERNAL;
  }

  private int ask(Object... words) {
    String[] arguments = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = words[i].toString();
    }
    return Main.run(session, arguments);
  }

  private static void serve(SeqPacketListener listener) {
    try {
      while (true) {
        SeqPacketSocket peer = listener.accept();
        Thread.ofPlatform().daemon().name("agent-peer").start(() -> converse(peer));
      }
    } catch (LinuxException _) {
      // The training is over.
    }
  }

  private static void converse(SeqPacketSocket peer) {
    try (peer;
        ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, WireLimits.SCAN_FILES)) {
      while (peer.receive(buffer) > 0) {
        ControlRequest request = ControlCodec.decodeRequest(buffer.data());
        buffer.closeDescriptors();
        byte[] reply = ControlCodec.encode(reply(request));
        peer.send(reply, reply.length, new int[0], 0, true);
      }
    } catch (WireException e) {
      throw new IllegalStateException("the command's own request cannot be read", e);
    }
  }

  private static ControlReply reply(ControlRequest request) {
    return switch (request) {
      case ControlRequest.Scan scan ->
          new ControlReply.Scanned(
              Collections.nCopies(
                  scan.files(), new ControlReply.ScannedFile("clean", true, "", List.of())));
      case ControlRequest.HotSpots _ ->
          new ControlReply.HotSpots(
              60, List.of(new ControlReply.Spot("/bin/x", 1, 1, 0)), List.of());
      default -> status();
    };
  }

  private static ControlReply.Status status() {
    return new ControlReply.Status(
        "training",
        1,
        1,
        1,
        1,
        "enforcing",
        "",
        1,
        0,
        1,
        "/var/lib/redoubt/journal",
        List.of(new ControlReply.Coverage("/", "ext4", true, "exec")),
        List.of(engine()),
        Map.of("events_read_total", 1L),
        ControlReply.Seal.none(),
        ControlReply.Fleet.none());
  }

  private static ControlReply.Engine engine() {
    return new ControlReply.Engine(
        "scanner",
        "a scanner",
        "a vendor",
        "1",
        EngineMode.ENFORCE,
        "ready",
        1,
        1,
        0,
        "content",
        "1",
        "local",
        1,
        1,
        1,
        0,
        0,
        0,
        0,
        1,
        1,
        ControlReply.Costs.NONE,
        List.of("judge:exec", "judge:scan"),
        List.of("judge:exec", "judge:scan"),
        null);
  }
}
