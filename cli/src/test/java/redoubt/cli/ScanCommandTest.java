package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// `scan` beside a made-up agent: what is asked, what is printed, how it ends.
final class ScanCommandTest {
  @TempDir Path temporary;
  private CommandHost host;
  private Path files;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
    files = Files.createDirectory(temporary.resolve("files"));
    Files.writeString(files.resolve("one"), "1");
    Files.writeString(files.resolve("two"), "22");
  }

  private ControlServer agent(ControlReply.ScannedFile result) {
    return ControlServer.replying(
        host.directories,
        request ->
            request instanceof ControlRequest.Scan(int count, _, _)
                ? new ControlReply.Scanned(Collections.nCopies(count, result))
                : ControlServer.status(1, List.of(ControlServer.engine("scanner", "judge:scan"))));
  }

  private CommandHost.Result scan(String... words) {
    List<String> all = new ArrayList<>(List.of("scan", "--threads", "1", files.toString()));
    all.addAll(List.of(words));
    return host.run(all.toArray(String[]::new));
  }

  private static ControlReply.ScannedFile file(String state, ControlReply.ScanHit... hits) {
    return new ControlReply.ScannedFile(state, false, "why \u001b[31m", List.of(hits));
  }

  @Test
  void theExitStatusSaysWhatCameOut() throws Exception {
    try (ControlServer server = agent(file("clean"))) {
      CommandHost.Result result = scan();
      assertEquals(0, result.status(), result.err());
      assertTrue(
          result.out().startsWith("2 files, 0.0 MB: 0 found, 0 not looked at"), result.out());
      assertTrue(server.requests.contains(new ControlRequest.Scan(2, false, false)));
    }
    try (ControlServer _ =
        agent(file("found", new ControlReply.ScanHit("scanner", "r", "bad\u001b")))) {
      CommandHost.Result result = scan();
      assertEquals(1, result.status());
      assertTrue(result.out().contains("found: " + files.resolve("one")), result.out());
      assertTrue(result.out().contains("scanner: r (bad"), result.out());
      assertTrue(!result.out().contains("\u001b"), result.out());
    }
    try (ControlServer _ = agent(file("unscanned"))) {
      assertEquals(2, scan().status());
    }
    try (ControlServer _ = agent(file("excepted"))) {
      assertEquals(0, scan().status());
    }
  }

  @Test
  void whatIsAskedForIsAskedOfTheAgent() throws Exception {
    try (ControlServer server = agent(file("clean"))) {
      assertEquals(0, scan("--anew", "--exclude", "tw*").status());
      assertTrue(server.requests.contains(new ControlRequest.Scan(1, true, false)));
    }
  }

  @Test
  void withoutAnAgentOrAnEngineThatScansTheFixIsNamed() throws Exception {
    CommandHost.Result alone = scan();
    assertEquals(2, alone.status());
    assertTrue(alone.err().contains("fix: to protect this host: redoubt run"), alone.err());
    try (ControlServer _ = ControlServer.healthy(host.directories)) {
      CommandHost.Result none = scan();
      assertEquals(2, none.status());
      assertTrue(none.err().contains("judge:scan"), none.err());
    }
  }

  @Test
  void aRefusalEndsIt() throws Exception {
    try (ControlServer _ =
        ControlServer.replying(
            host.directories,
            request ->
                request instanceof ControlRequest.Scan
                    ? new ControlReply.Failed("internal", "it broke", "mend it")
                    : ControlServer.status(
                        1, List.of(ControlServer.engine("scanner", "judge:scan"))))) {
      CommandHost.Result result = scan();
      assertEquals(2, result.status());
      assertTrue(result.err().contains("it broke"), result.err());
    }
  }

  @Test
  void theBytesOfANameAreKept() {
    byte[] bytes = {'/', 't', 'm', 'p', '/', (byte) 0xff, '%', ' ', (byte) 0xc3, (byte) 0xa9};
    Path path = Path.of(URI.create("file:///tmp/%ff%25%20%c3%a9"));
    assertArrayEquals(bytes, RawPath.bytes(path));
    assertArrayEquals(
        "/tmp/plain".getBytes(StandardCharsets.US_ASCII), RawPath.bytes(Path.of("/tmp/plain")));
  }
}
