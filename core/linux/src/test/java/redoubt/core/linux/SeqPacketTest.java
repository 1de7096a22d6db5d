package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeqPacketTest {
  private static final int[] NONE = {};

  @TempDir private Path scratch;
  private SeqPacketSocket near;
  private SeqPacketSocket far;

  @BeforeEach
  void connect() {
    SeqPacketSocket[] pair = SeqPacketSocket.pair();
    near = pair[0];
    far = pair[1];
  }

  @AfterEach
  void disconnect() {
    near.close();
    far.close();
  }

  @Test
  void messagesKeepTheirBoundaries() {
    try (ReceiveBuffer buffer = new ReceiveBuffer(64, 0)) {
      assertEquals(0, send("first", NONE));
      assertEquals(0, send("second", NONE));
      assertEquals(5, far.receive(buffer));
      assertEquals("first", text(buffer));
      assertEquals(6, far.receive(buffer));
      assertEquals("second", text(buffer));
      assertEquals(0, buffer.descriptorCount());
      assertEquals(-Errno.EAGAIN, far.receiveNow(buffer));
    }
  }

  @Test
  void descriptorsArriveAsTheSameOpenFile() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "content");
    int sent = Descriptors.openReadOnly(file.toString());
    Files.delete(file);
    try (ReceiveBuffer buffer = new ReceiveBuffer(64, 3)) {
      assertEquals(0, send("take it", new int[] {sent, sent}));
      assertEquals(7, far.receive(buffer));
      assertEquals(2, buffer.descriptorCount());
      for (int i = 0; i < 2; i++) {
        assertEquals(file + " (deleted)", Descriptors.readLink(buffer.descriptor(i)));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> buffer.descriptor(2));
      int first = buffer.descriptor(0);
      buffer.closeDescriptors();
      assertEquals(-Errno.EBADF, Descriptors.close(first));
    } finally {
      Descriptors.close(sent);
    }
  }

  @Test
  void whatDoesNotFitIsAnErrorAndLeaksNothing() throws Exception {
    long before = openDescriptors();
    int sent = Descriptors.openReadOnly("/dev/null");
    try (ReceiveBuffer buffer = new ReceiveBuffer(4, 1)) {
      assertEquals(0, send("too long", new int[] {sent}));
      assertEquals(0, send("many", new int[] {sent, sent}));
      assertEquals(0, send("more", new int[] {sent, sent, sent}));
      assertEquals(0, send("ok", new int[] {sent}));
      for (int i = 0; i < 3; i++) {
        assertEquals(-Errno.EMSGSIZE, far.receive(buffer));
        assertEquals(0, buffer.descriptorCount());
        assertEquals(0, buffer.data().remaining());
      }
      assertEquals(2, far.receive(buffer));
      assertEquals(1, buffer.descriptorCount());
      buffer.closeDescriptors();
    }
    try (ReceiveBuffer noDescriptors = new ReceiveBuffer(64, 0)) {
      assertEquals(0, send("unwanted", new int[] {sent}));
      assertEquals(-Errno.EMSGSIZE, far.receive(noDescriptors));
    }
    assertEquals(0, Descriptors.close(sent));
    assertEquals(before, openDescriptors());
  }

  @Test
  void randomMessagesArriveWhole() {
    long seed = System.nanoTime();
    System.out.println("SeqPacketTest.randomMessagesArriveWhole seed=" + seed);
    Random random = new Random(seed);
    int sent = Descriptors.openReadOnly("/dev/null");
    try (ReceiveBuffer buffer = new ReceiveBuffer(1 << 16, ReceiveBuffer.MAX_DESCRIPTORS)) {
      for (int i = 0; i < 300; i++) {
        byte[] message = new byte[1 + random.nextInt(random.nextInt(1 << 16) + 1)];
        random.nextBytes(message);
        int[] descriptors = new int[random.nextInt(8) == 0 ? random.nextInt(254) : 0];
        Arrays.fill(descriptors, sent);
        assertEquals(0, near.send(message, message.length, descriptors, descriptors.length, true));
        assertEquals(message.length, far.receive(buffer));
        byte[] received = new byte[message.length];
        buffer.data().get(received);
        assertArrayEquals(message, received);
        assertEquals(descriptors.length, buffer.descriptorCount());
        buffer.closeDescriptors();
      }
    } finally {
      Descriptors.close(sent);
    }
  }

  @Test
  void aFullReceiverRefusesOrDelays() {
    byte[] message = new byte[4096];
    int result = 0;
    while (result == 0) {
      result = near.send(message, message.length, NONE, 0, false);
    }
    assertEquals(-Errno.EAGAIN, result);
    near.sendTimeout(50);
    assertEquals(-Errno.EAGAIN, near.send(message, message.length, NONE, 0, true));
  }

  @Test
  void aGonePeerIsSeenByBothDirections() {
    far.close();
    try (ReceiveBuffer buffer = new ReceiveBuffer(64, 0)) {
      assertEquals(0, near.receive(buffer));
    }
    assertEquals(-Errno.EPIPE, send("anybody", NONE));
  }

  @Test
  void closingWakesTheReceiver() throws Exception {
    CompletableFuture<Integer> received = new CompletableFuture<>();
    Thread receiver =
        Thread.ofPlatform()
            .start(() -> {
              try (ReceiveBuffer buffer = new ReceiveBuffer(64, 0)) {
                received.complete(far.receive(buffer));
              }
            });
    far.close();
    int result = received.get(10, TimeUnit.SECONDS);
    assertTrue(result == 0 || result == -Errno.EBADF, () -> Errno.name(result));
    receiver.join();
    assertEquals(-1, far.descriptor());
    assertEquals(-Errno.EBADF, far.send(new byte[1], 1, NONE, 0, true));
    far.close();
  }

  @Test
  void emptyAndOverlongMessagesAreRefused() {
    byte[] message = new byte[SeqPacketSocket.MAX_MESSAGE_BYTES + 1];
    assertThrows(
        IllegalArgumentException.class, () -> near.send(message, message.length, NONE, 0, false));
    assertThrows(IllegalArgumentException.class, () -> near.send(message, 0, NONE, 0, false));
    assertEquals(-Errno.EMSGSIZE, near.send(message, message.length - 1, NONE, 0, false));
    assertEquals(-Errno.EBADF, near.send(message, 1, new int[] {99_999}, 1, false));
  }

  @Test
  void aListenerKnowsWhoConnected() throws Exception {
    Path path = scratch.resolve("socket");
    try (SeqPacketListener listener = SeqPacketListener.bind(path, 0666);
        SeqPacketSocket client = SeqPacketSocket.connect(path);
        SeqPacketSocket server = listener.accept();
        ReceiveBuffer buffer = new ReceiveBuffer(64, 0)) {
      assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      int self = (int) ProcessHandle.current().pid();
      assertEquals(new PeerCredentials(self, 0, 0), server.peer());
      assertEquals(new PeerCredentials(self, 0, 0), client.peer());
      try (Pidfd peer = server.openPeer().orElseThrow();
          Pidfd own = Pidfd.open(self).orElseThrow()) {
        assertEquals(own.uniqueId(), peer.uniqueId());
      }
      assertEquals(0, client.send(new byte[] {'x'}, 1, NONE, 0, true));
      assertEquals(1, server.receive(buffer));
    }
    assertFalse(Files.exists(path));
    LinuxException gone =
        assertThrows(LinuxException.class, () -> SeqPacketSocket.connect(path).close());
    assertEquals(Errno.ENOENT, gone.errno());
  }

  @Test
  void aStaleSocketIsReplacedAndAFileIsNot() throws Exception {
    Path path = scratch.resolve("socket");
    SeqPacketListener.bind(path, 0600);
    try (SeqPacketListener second = SeqPacketListener.bind(path, 0600)) {
      CompletableFuture<Integer> refused = new CompletableFuture<>();
      Thread acceptor =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  second.accept().close();
                } catch (LinuxException e) {
                  refused.complete(e.errno());
                }
              });
      second.shutdown();
      assertEquals(Errno.EINVAL, refused.get(10, TimeUnit.SECONDS));
      acceptor.join();
    }
    Files.writeString(path, "precious");
    LinuxException busy =
        assertThrows(LinuxException.class, () -> SeqPacketListener.bind(path, 0600).close());
    assertEquals(Errno.EADDRINUSE, busy.errno());
    assertEquals("precious", Files.readString(path));
    Path longPath = scratch.resolve("x".repeat(120));
    LinuxException tooLong =
        assertThrows(LinuxException.class, () -> SeqPacketListener.bind(longPath, 0600).close());
    assertEquals(Errno.ENAMETOOLONG, tooLong.errno());
  }

  private int send(String text, int[] descriptors) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return near.send(bytes, bytes.length, descriptors, descriptors.length, true);
  }

  private static String text(ReceiveBuffer buffer) {
    return StandardCharsets.UTF_8.decode(buffer.data()).toString();
  }

  /// Only those that a message can bring; the virtual machine opens others of its own.
  private static long openDescriptors() throws IOException {
    try (var entries = Files.list(Path.of("/proc/self/fd"))) {
      return entries
          .filter(entry -> Descriptors.readLink(entry.toString()).equals("/dev/null"))
          .count();
    }
  }
}
