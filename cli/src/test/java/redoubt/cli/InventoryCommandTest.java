package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InventoryCommandTest {
  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void makeHost() throws IOException {
    host = new CommandHost(temporary);
  }

  @Test
  void itSaysWhatTablesThereAre() throws Exception {
    CommandHost.Result result = host.run("inventory");
    assertEquals(ExitCode.OK, result.status(), result.err());
    assertTrue(result.out().contains("listening_ports"), result.out());
  }

  @Test
  void aTableHasItsColumnsAsTitles() throws Exception {
    CommandHost.Result result = host.run("inventory", "uptime");
    assertEquals(ExitCode.OK, result.status(), result.err());
    assertTrue(result.out().startsWith("DAYS"), result.out());
    assertEquals(2, result.out().lines().count(), result.out());
  }

  /// As osquery's documentation of its results log has a snapshot.
  @Test
  void jsonIsASnapshotOfOsquery() throws Exception {
    CommandHost.Result result = host.run("inventory", "--json", "kernel_info", "users");
    assertEquals(ExitCode.OK, result.status(), result.err());
    List<String> lines = result.out().lines().toList();
    assertEquals(2, lines.size(), result.out());
    JsonNode kernel = new JsonMapper().readTree(lines.getFirst());
    assertEquals("snapshot", kernel.path("action").asText());
    assertEquals("kernel_info", kernel.path("name").asText());
    assertEquals(0, kernel.path("counter").asInt(-1));
    assertFalse(kernel.path("numerics").asBoolean(true));
    assertTrue(
        kernel
            .path("calendarTime")
            .asText()
            .matches("[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]\\d .* UTC"),
        lines.getFirst());
    assertTrue(kernel.path("snapshot").path(0).path("version").isTextual(), lines.getFirst());
    JsonNode users = new JsonMapper().readTree(lines.getLast());
    assertTrue(users.path("snapshot").path(0).path("uid").isTextual(), lines.getLast());
  }

  @Test
  void aTableThatThereIsNotIsRefused() throws Exception {
    CommandHost.Result result = host.run("inventory", "procesess");
    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().contains("no such table: procesess"), result.err());
    assertTrue(result.err().contains("processes"), result.err());
  }
}
