package redoubt.agent.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.HandClock;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.linux.Pidfd;

/// With real sockets, at which this very process serves.
class EngineSocketsTest {
  private static final int ME = Math.toIntExact(ProcessHandle.current().pid());

  @TempDir private Path scratch;
  private final HandClock clock = new HandClock();
  private final SelfProcesses self = new SelfProcesses(_ -> uniqueId());

  private static long uniqueId() {
    try (Pidfd me = Pidfd.open(ME).orElseThrow()) {
      return me.uniqueId();
    }
  }

  private Path place() {
    return scratch.resolve("served.ctl");
  }

  private ServerSocketChannel serve(Path place) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(place));
  }

  @Test
  void whoServesIsAHelperAsLongAsTheEngineRuns() throws Exception {
    try (ServerSocketChannel _ = serve(place())) {
      try (EngineSockets sockets = EngineSockets.open(Set.of(place()), self, clock)) {
        assertEquals(List.of(place()), sockets.shown());
        assertTrue(self.isHelper(ME, -1));
        assertFalse(self.contains(ME, -1));
      }
      assertFalse(self.isHelper(ME, -1));
    }
  }

  @Test
  void theSocketMayHaveBeenNamedByAnotherPath() throws Exception {
    Path other = Files.createSymbolicLink(scratch.resolve("other"), scratch);
    try (ServerSocketChannel _ = serve(other.resolve("served.ctl"));
        EngineSockets _ = EngineSockets.open(Set.of(place()), self, clock)) {
      assertTrue(self.isHelper(ME, -1));
    }
  }

  @Test
  void whoeverServesElsewhereIsNone() throws Exception {
    Path folder = Files.createDirectory(scratch.resolve("elsewhere"));
    try (ServerSocketChannel _ = serve(folder.resolve("served.ctl"));
        EngineSockets sockets = EngineSockets.open(Set.of(place()), self, clock)) {
      assertEquals(List.of(), sockets.shown());
      assertFalse(self.isHelper(ME, -1));
    }
  }

  /// With mounts of their own, users can make sockets of any name, and have them held here.
  @Test
  void whoeverIsNotTheOwnerOfTheFileIsNone() throws Exception {
    try (ServerSocketChannel _ = serve(place())) {
      Files.setAttribute(place(), "unix:uid", 54_321);
      try (EngineSockets sockets = EngineSockets.open(Set.of(place()), self, clock)) {
        assertEquals(List.of(place()), sockets.shown());
        assertFalse(self.isHelper(ME, -1));
      }
    }
  }

  @Test
  void whatIsNoSocketIsNotShown() throws Exception {
    Files.writeString(place(), "a file");
    try (EngineSockets sockets = EngineSockets.open(Set.of(place()), self, clock)) {
      assertEquals(List.of(), sockets.shown());
    }
  }

  @Test
  void aSocketThatComesOrIsMadeAnewHasTheEngineBeginAgain() throws Exception {
    try (EngineSockets sockets = EngineSockets.open(Set.of(place()), self, clock)) {
      try (ServerSocketChannel _ = serve(place())) {
        assertEquals(Optional.empty(), sockets.tick(), "just begun");
        clock.pass(Duration.ofSeconds(6));
        assertEquals(Optional.of(place()), sockets.tick());
      }
    }
    try (EngineSockets sockets = EngineSockets.open(Set.of(place()), self, clock)) {
      clock.pass(Duration.ofSeconds(6));
      assertEquals(Optional.empty(), sockets.tick());
      Files.delete(place());
      assertEquals(Optional.empty(), sockets.tick(), "gone is nothing to begin again for");
      try (ServerSocketChannel _ = serve(place())) {
        assertEquals(Optional.of(place()), sockets.tick());
      }
    }
  }

  @Test
  void whoComesLaterIsFoundInTime() throws Exception {
    try (EngineSockets sockets = EngineSockets.open(Set.of(place()), self, clock);
        ServerSocketChannel _ = serve(place())) {
      var _ = sockets.tick();
      assertFalse(self.isHelper(ME, -1), "not looked for at every moment");
      clock.pass(Duration.ofSeconds(11));
      var _ = sockets.tick();
      assertTrue(self.isHelper(ME, -1));
    }
  }
}
