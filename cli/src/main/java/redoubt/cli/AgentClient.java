package redoubt.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import redoubt.core.linux.Errno;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.wire.ControlCodec;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// Asks the agent over its control socket: one connection, one request, one reply.
///
/// @param socket the socket's path
/// @param patience how long the agent may take
record AgentClient(Path socket, Duration patience) {
  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(5);
  private static final Duration LONG_PATIENCE = Duration.ofSeconds(20);

  /// Longer than a server may take to let a host in.
  private static final Duration JOINING_PATIENCE = Duration.ofSeconds(60);

  /// Longer than the largest bundle takes from a mirror that is not too slow.
  private static final Duration FETCHING_PATIENCE = Duration.ofHours(20);

  static AgentClient at(Path socket) {
    return new AgentClient(socket, USUAL_PATIENCE);
  }

  /// Returns this with the patience for requests after which engines start and end.
  AgentClient patient() {
    return new AgentClient(socket, LONG_PATIENCE);
  }

  /// Returns this with the patience for requests for which the agent fetches from mirrors.
  AgentClient fetching() {
    return new AgentClient(socket, FETCHING_PATIENCE);
  }

  /// Returns this with the patience for what a fleet's server has a part in.
  AgentClient joining() {
    return new AgentClient(socket, JOINING_PATIENCE);
  }

  /// Asks for a bundle to be taken.
  ControlReply.Taken take(ControlRequest request) {
    return ask(request, ControlReply.Taken.class, "what it took");
  }

  /// Asks for the agent's state.
  ControlReply.Status status() {
    return ask(new ControlRequest.Status(), ControlReply.Status.class, "its status");
  }

  /// Asks for whom and for what this host waited most of late.
  ControlReply.HotSpots hotSpots() {
    return ask(new ControlRequest.HotSpots(), ControlReply.HotSpots.class, "its hot spots");
  }

  private <R extends ControlReply> R ask(ControlRequest request, Class<R> wanted, String name) {
    ControlReply reply = ask(request);
    if (wanted.isInstance(reply)) {
      return wanted.cast(reply);
    }
    throw new Problem(
        ExitCode.INTERNAL,
        "the agent answered something else than " + name,
        "command and agent may be of different versions: restart the agent");
  }

  /// Asks for something to be done, and returns the agent's sentence about it.
  String change(ControlRequest request) {
    return ask(request) instanceof ControlReply.Done done ? done.message() : "";
  }

  /// Asks for something to be done with an open file, and returns the agent's sentence about it.
  ///
  /// @param descriptor stays the caller's
  String change(ControlRequest request, int descriptor) {
    return required(exchange(request, descriptor)) instanceof ControlReply.Done done
        ? done.message()
        : "";
  }

  /// Has a running agent do something; where none runs, does it here.
  ///
  /// @param otherwise does it here and says so
  String changeOr(ControlRequest request, Supplier<String> otherwise) {
    return isThere() ? patient().change(request) : otherwise.get();
  }

  /// Whether an agent listens, though it may not answer.
  ///
  /// @throws Problem if this user may not ask it
  boolean isThere() {
    try (SeqPacketSocket _ = connect()) {
      return true;
    } catch (Problem e) {
      if (e.exitCode() == ExitCode.NO_AGENT) {
        return false;
      }
      throw e;
    }
  }

  /// Sends a request and returns the reply, which is never a failure.
  ///
  /// @throws Problem if no agent runs, it does not answer in time, or it refuses
  ControlReply ask(ControlRequest request) {
    return required(exchange(request));
  }

  private static ControlReply required(ControlReply reply) {
    if (reply instanceof ControlReply.Failed failed) {
      throw new Problem(exitCode(failed.code()), failed.message(), failed.fix());
    }
    return reply;
  }

  private ControlReply exchange(ControlRequest request, int... descriptors) {
    try (SeqPacketSocket connection = connect();
        ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 0);
        Deadline deadline = new Deadline(connection, patience)) {
      byte[] message = ControlCodec.encode(request);
      connection.sendTimeout((int) patience.toMillis());
      int sent = connection.send(message, message.length, descriptors, descriptors.length, true);
      int received = sent < 0 ? sent : connection.receive(buffer);
      if (received <= 0) {
        throw noAnswer(deadline.isOver(), received);
      }
      return ControlCodec.decodeReply(buffer.data());
    } catch (WireException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the agent's answer cannot be read: error=" + e.getMessage(),
          "command and agent may be of different versions: restart the agent");
    }
  }

  /// Opens a conversation.
  ///
  /// @throws Problem if no agent runs or this user may not ask it
  SeqPacketSocket connect() {
    try {
      return SeqPacketSocket.connect(socket);
    } catch (LinuxException e) {
      if (e.errno() == Errno.EACCES || e.errno() == Errno.EPERM) {
        throw new Problem(
            ExitCode.PERMISSION,
            "this user may not ask the agent: socket=" + socket,
            "run as root, or join the group that owns the socket");
      }
      throw new Problem(
          ExitCode.NO_AGENT,
          "the agent is not running: socket=" + socket + " error=" + Errno.name(e.errno()),
          "to protect this host: redoubt run");
    }
  }

  private Problem noAnswer(boolean late, int received) {
    String why = late ? "patience=" + patience.toMillis() + "ms" : "error=" + Errno.name(-received);
    return new Problem(
        ExitCode.NO_AGENT,
        "the agent did not answer: socket=" + socket + " " + why,
        "see whether it runs: redoubt doctor");
  }

  static int exitCode(String code) {
    return switch (code) {
      case "permission" -> ExitCode.PERMISSION;
      case "unknown-engine", "invalid" -> ExitCode.USAGE;
      case "quarantine", "content", "fleet" -> ExitCode.NO;
      default -> ExitCode.INTERNAL;
    };
  }

  /// Ends a conversation that takes too long, by shutting the socket down from another thread.
  private static final class Deadline implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicBoolean over = new AtomicBoolean();

    Deadline(SeqPacketSocket connection, Duration patience) {
      Thread.ofPlatform().daemon().name("deadline").start(() -> guard(connection, patience));
    }

    boolean isOver() {
      return over.get();
    }

    @Override
    public void close() {
      done.countDown();
    }

    private void guard(SeqPacketSocket connection, Duration patience) {
      try {
        if (!done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          over.set(true);
          connection.shutdown();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
