package redoubt.cli;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketListener;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Sha256;
import redoubt.core.wire.ControlCodec;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// An agent's control socket with a made-up agent behind it: real socket, real codec.
final class ControlServer implements AutoCloseable {
  final List<ControlRequest> requests = new CopyOnWriteArrayList<>();
  private final SeqPacketListener listener;
  private final Function<ControlRequest, byte[]> answer;
  private final Thread thread;

  private ControlServer(Path socket, Function<ControlRequest, byte[]> answer) {
    this.listener = SeqPacketListener.bind(socket, 0600);
    this.answer = answer;
    this.thread = Thread.ofPlatform().daemon().name("control server").start(this::serve);
  }

  static ControlServer replying(
      Directories directories, Function<ControlRequest, ControlReply> reply) {
    return sending(directories, request -> ControlCodec.encode(reply.apply(request)));
  }

  /// Sends bytes as they are; no bytes mean that it never answers.
  static ControlServer sending(Directories directories, Function<ControlRequest, byte[]> answer) {
    return new ControlServer(directories.controlSocket(), answer);
  }

  /// Answers as an agent with one engine does.
  static ControlServer healthy(Directories directories) {
    return replying(
        directories,
        request ->
            switch (request) {
              case ControlRequest.Status() -> status((int) ProcessHandle.current().pid());
              case ControlRequest.HotSpots() -> hotSpots();
              case ControlRequest.Scan(int files, _, _) ->
                  new ControlReply.Scanned(
                      Collections.nCopies(
                          files, new ControlReply.ScannedFile("clean", false, "", List.of())));
              case ControlRequest.ActivateContent _, ControlRequest.FetchContent _ ->
                  new ControlReply.Taken(
                      "sigma", "acme", "linux-rules", 7, Sha256.hash(new byte[0]));
              case ControlRequest.SetMode _,
                  ControlRequest.ReloadPolicy _,
                  ControlRequest.ReloadEngines _,
                  ControlRequest.ReloadSeal _,
                  ControlRequest.ReloadSettings _,
                  ControlRequest.Thaw _,
                  ControlRequest.PutAway _,
                  ControlRequest.Restore _,
                  ControlRequest.DeleteQuarantined _,
                  ControlRequest.Isolate _,
                  ControlRequest.RollBackContent _,
                  ControlRequest.UpdateContent _,
                  ControlRequest.JoinFleet _,
                  ControlRequest.LeaveFleet _,
                  ControlRequest.Stop _ ->
                  new ControlReply.Done("done as asked");
            });
  }

  static ControlReply.Status status(int pid) {
    return status(pid, ControlReply.Seal.none());
  }

  static ControlReply.Status status(int pid, List<ControlReply.Engine> engines) {
    return status(pid, ControlReply.Seal.none(), engines);
  }

  static ControlReply.Status status(int pid, ControlReply.Seal seal) {
    return status(pid, seal, List.of(engine("scanner")));
  }

  private static ControlReply.Status status(
      int pid, ControlReply.Seal seal, List<ControlReply.Engine> engines) {
    long now = CommandHost.NOW.toEpochMilli();
    return new ControlReply.Status(
        "0.1",
        pid,
        pid - 1,
        now - 7_500_000,
        now - 7_499_000,
        "enforcing",
        "all engines are ready",
        3,
        2,
        2588,
        "/var/lib/redoubt/journal/events.jsonl",
        List.of(
            new ControlReply.Coverage("/", "ext4", true, "exec"),
            new ControlReply.Coverage("/mnt/share", "nfs4", false, "not a local file system")),
        engines,
        Map.of("redoubt_events_total", 1234L),
        seal,
        new ControlReply.Fleet(
            "fleet.example:7443",
            "0123456789abcdef0123456789abcdef",
            false,
            "nobody there",
            3,
            0,
            true));
  }

  static ControlReply.HotSpots hotSpots() {
    return new ControlReply.HotSpots(
        95,
        List.of(new ControlReply.Spot("/usr/bin/make", 812, 40_500, 1)),
        List.of(
            new ControlReply.Spot("/usr/bin/cc\u001b[31m", 800, 31_000, 0),
            new ControlReply.Spot("", 12, 9_500, 1)));
  }

  static ControlReply.Engine engine(String id) {
    return engine(id, "judge:exec");
  }

  static ControlReply.Engine engine(String id, String granted) {
    return new ControlReply.Engine(
        id,
        "Scanner \u001b[31m",
        "Redoubt",
        "0.1",
        EngineMode.ENFORCE,
        "ready",
        4711,
        64001,
        1,
        "bad.txt",
        "local-0123456789ab",
        "local (owner key 01234567)",
        12,
        1000,
        998,
        2,
        1,
        0,
        3,
        180,
        1_100,
        new ControlReply.Costs(75_000_000, 48 << 20, 2, 90, 7, 11),
        List.of("file-content", "judge:exec", "judge:open"),
        List.of(granted),
        null);
  }

  private void serve() {
    try (ReceiveBuffer buffer =
        new ReceiveBuffer(WireLimits.MESSAGE_BYTES, WireLimits.SCAN_FILES)) {
      while (true) {
        try (SeqPacketSocket peer = listener.accept()) {
          converse(peer, buffer);
        }
      }
    } catch (LinuxException _) {
      // the listener was shut down
      return;
    }
  }

  private void converse(SeqPacketSocket peer, ReceiveBuffer buffer) {
    if (peer.receive(buffer) <= 0) {
      return;
    }
    buffer.closeDescriptors();
    try {
      ControlRequest request = ControlCodec.decodeRequest(buffer.data());
      requests.add(request);
      byte[] bytes = answer.apply(request);
      if (bytes.length > 0) {
        peer.send(bytes, bytes.length, new int[0], 0, true);
      }
      // waits until the command has read the answer, or given up
      peer.receive(buffer);
    } catch (WireException e) {
      throw new AssertionError("the command sent no request", e);
    }
  }

  @Override
  public void close() {
    listener.shutdown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    listener.close();
  }
}
