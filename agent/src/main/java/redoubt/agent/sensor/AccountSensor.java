package redoubt.agent.sensor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.HostEvent;

/// Hears of accounts and groups of this host that are made, changed and removed, by whichever
/// program: it compares the files that list them with what they were.
///
/// One thread looks every second; [#close] may be called by any.
public final class AccountSensor extends SystemSensor {
  private static final int MOST_BYTES = 16 << 20;
  private static final List<String> FILES = List.of("passwd", "shadow", "group");

  private final Path folder;
  private List<Optional<Stamp>> stamps = List.of();
  private List<AccountTable> tables = List.of();

  /// What is different if a file was written or replaced.
  private record Stamp(long modifiedNanos, long bytes, String key) {}

  private AccountSensor(Path folder, HostEventSink sink, Counters counters, TimeSource time) {
    super(sink, counters, time);
    this.folder = folder;
  }

  /// Begins to hear.
  ///
  /// @param folder where `passwd`, `shadow` and `group` are
  /// @throws IOException if there is no list of accounts or of groups
  public static AccountSensor start(
      Path folder, HostEventSink sink, Counters counters, TimeSource time) throws IOException {
    AccountSensor sensor = new AccountSensor(folder, sink, counters, time);
    sensor.stamps = sensor.stamp();
    sensor.tables = sensor.tables();
    Thread.ofPlatform().name("account-sensor").daemon().start(sensor::hear);
    return sensor;
  }

  @Override
  boolean await(int timeoutMillis) {
    return pause(timeoutMillis);
  }

  @Override
  List<HostEvent> read() {
    List<HostEvent> events = new ArrayList<>();
    List<Optional<Stamp>> now = stamp();
    if (!now.equals(stamps)) {
      try {
        List<AccountTable> read = tables();
        for (int i = 0; i < read.size(); i++) {
          events.addAll(read.get(i).since(tables.get(i), now()));
        }
        tables = read;
        stamps = now;
      } catch (IOException _) {
        // A file is just being replaced: it is looked at again in a second.
      }
    }
    return events;
  }

  private List<Optional<Stamp>> stamp() {
    return FILES.stream().map(name -> stamp(folder.resolve(name))).toList();
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Stamp(
              now.lastModifiedTime().to(TimeUnit.NANOSECONDS),
              now.size(),
              String.valueOf(now.fileKey())));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private List<AccountTable> tables() throws IOException {
    String shadow;
    try {
      shadow = text("shadow");
    } catch (IOException _) {
      shadow = ""; // a host whose passwords are kept elsewhere
    }
    return List.of(
        AccountTable.ofAccounts(text("passwd"), shadow), AccountTable.ofGroups(text("group")));
  }

  private String text(String name) throws IOException {
    try (InputStream file = Files.newInputStream(folder.resolve(name))) {
      return new String(file.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }
  }
}
