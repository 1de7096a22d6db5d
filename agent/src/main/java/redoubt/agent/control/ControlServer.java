package redoubt.agent.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import redoubt.agent.control.ControlHandler.Asker;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketListener;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.wire.ControlCodec;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// Serves the control socket: the socket's group may read, only root may change anything, by the
/// credentials that the kernel vouches for.
public final class ControlServer implements AutoCloseable {
  /// The most peers at once; further ones wait.
  static final int MOST_CONNECTIONS = 32;

  /// How long answers under way may take when the server closes.
  private static final long LAST_ANSWERS_MILLIS = 500;

  /// The group whose members may read, where it exists.
  private static final String GROUP = "redoubt";

  private final SeqPacketListener listener;
  private final ControlHandler handler;
  private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
  private final Semaphore answers = new Semaphore(MOST_CONNECTIONS);
  private final Set<SeqPacketSocket> open = ConcurrentHashMap.newKeySet();
  private final Thread acceptor;
  private volatile boolean closing;

  private ControlServer(SeqPacketListener listener, ControlHandler handler) {
    this.listener = listener;
    this.handler = handler;
    this.acceptor = Thread.ofPlatform().name("control").daemon().unstarted(this::accept);
  }

  /// Opens the socket and serves it.
  ///
  /// @throws LinuxException if the socket cannot be made
  public static ControlServer open(Path socket, ControlHandler handler) {
    ControlServer server = new ControlServer(SeqPacketListener.bind(socket, 0660), handler);
    giveToGroup(socket);
    server.acceptor.start();
    return server;
  }

  /// Without such a group only root may ask.
  private static void giveToGroup(Path socket) {
    try {
      GroupPrincipal group =
          socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(GROUP);
      PosixFileAttributeView view =
          Files.getFileAttributeView(socket, PosixFileAttributeView.class);
      view.setGroup(group);
    } catch (IOException _) {
      // The group does not exist.
    }
  }

  private void accept() {
    while (!closing) {
      places.acquireUninterruptibly();
      try {
        SeqPacketSocket peer = listener.accept();
        open.add(peer);
        Thread.ofPlatform().name("control-peer").daemon().start(() -> serve(peer));
      } catch (LinuxException _) {
        places.release();
      }
    }
  }

  private void serve(SeqPacketSocket peer) {
    try (peer;
        ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, WireLimits.SCAN_FILES)) {
      Asker asker = new Asker(peer.peer().uid(), peer.peer().pid());
      boolean goesOn = true;
      while (goesOn && peer.receive(buffer) > 0) {
        answers.acquireUninterruptibly();
        try {
          byte[] reply = ControlCodec.encode(answer(buffer, asker));
          goesOn = peer.send(reply, reply.length, new int[0], 0, true) >= 0;
        } finally {
          buffer.closeDescriptors();
          answers.release();
        }
      }
    } finally {
      open.remove(peer);
      places.release();
    }
  }

  private ControlReply answer(ReceiveBuffer buffer, Asker asker) {
    try {
      ControlRequest request = ControlCodec.decodeRequest(buffer.data());
      if (request.changes() && asker.uid() != 0) {
        return new ControlReply.Failed(
            "permission", "only root may change anything: uid=" + asker.uid(), "run it as root");
      }
      return handler.handle(request, asker, descriptors(request, buffer));
    } catch (WireException e) {
      return new ControlReply.Failed(
          "invalid", "not a request: " + e.getMessage(), "use the redoubt command of this version");
    }
  }

  /// @throws WireException if there are not as many as the request says
  private static List<Integer> descriptors(ControlRequest request, ReceiveBuffer buffer)
      throws WireException {
    if (request.descriptors() == 0) {
      return List.of();
    }
    if (request.descriptors() != buffer.descriptorCount()) {
      throw new WireException(
          "not the descriptors of the request: files="
              + request.descriptors()
              + " descriptors="
              + buffer.descriptorCount());
    }
    return buffer.handOverDescriptors();
  }

  /// Ends every conversation and removes the socket. Whoever is being answered, such as the one who
  /// asked the agent to stop, still gets the answer, unless that takes long.
  @Override
  public void close() {
    closing = true;
    listener.shutdown();
    try {
      if (answers.tryAcquire(MOST_CONNECTIONS, LAST_ANSWERS_MILLIS, TimeUnit.MILLISECONDS)) {
        answers.release(MOST_CONNECTIONS);
      }
      open.forEach(SeqPacketSocket::shutdown);
      acceptor.join(1_000);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    listener.close();
  }
}
