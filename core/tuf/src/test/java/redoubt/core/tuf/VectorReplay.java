package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import redoubt.core.disk.DiskSteps;
import redoubt.core.tuf.client.Download;
import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.client.Refresh;
import redoubt.core.tuf.client.TargetFetcher;
import redoubt.core.tuf.client.Updater;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.store.MetadataStore;

/// Does what a golden vector says with our client, and compares what comes of it.
final class VectorReplay {
  private final Json.Members vector;
  private final MetadataReader reader;
  private final Path metadataDirectory;
  private final Path targetDirectory;
  private final List<String> asked = new ArrayList<>();
  private String where = "";

  VectorReplay(Json.Members vector, MetadataReader reader, Path scratch) throws IOException {
    this.vector = vector;
    this.reader = reader;
    this.metadataDirectory = Files.createDirectory(scratch.resolve("metadata"));
    this.targetDirectory = Files.createDirectory(scratch.resolve("targets"));
  }

  void run() throws IOException, TufException {
    int number = 0;
    for (Json.Members step : vector.objects("steps")) {
      where = vector.text("name") + " step " + ++number;
      asked.clear();
      switch (step.text("do")) {
        case "init" ->
            new MetadataStore(metadataDirectory, new DiskSteps.Unsynced())
                .initialize(content(step.text("root")));
        case "refresh" -> compare(step, refresh(step));
        case "download" -> {
          compare(step, download(step));
          compareTargets(step);
        }
        default -> throw new AssertionError(step);
      }
    }
  }

  private List<String> refresh(Json.Members step) throws IOException, TufException {
    try {
      return switch (updater(step).refresh()) {
        case Refresh.Current _ -> List.of("current", "");
        case Refresh.Expired(TufException why) -> List.of("expired", why.step());
        case Refresh.Refused(TufException why) -> List.of("refused", why.step());
      };
    } catch (MirrorException _) {
      return List.of("unreachable", "");
    }
  }

  private List<String> download(Json.Members step) throws IOException, TufException {
    try {
      return switch (updater(step).find(step.text("target"))) {
        case Lookup.Absent _ -> List.of("absent", "");
        case Lookup.Expired(TufException why) -> List.of("expired", why.step());
        case Lookup.Refused(TufException why) -> List.of("refused", why.step());
        case Lookup.Found found -> fetch(step, found);
      };
    } catch (MirrorException _) {
      return List.of("unreachable", "");
    }
  }

  private List<String> fetch(Json.Members step, Lookup.Found found)
      throws IOException, MirrorException, TufException {
    Mirror mirror = mirror(step.members("targets"), new ArrayList<>());
    Path file = targetDirectory.resolve(RoleName.encode(found.path()));
    return switch (new TargetFetcher(mirror, Limits.DEFAULT).fetch(found, file)) {
      case Download.Stored _ -> List.of("stored", "");
      case Download.Kept _ -> List.of("kept", "");
      case Download.Refused(TufException why) -> List.of("refused", why.step());
    };
  }

  private Updater updater(Json.Members step) throws TufException {
    return new Updater(
        new MetadataStore(metadataDirectory, new DiskSteps.Unsynced()),
        mirror(step.members("metadata"), asked),
        Limits.DEFAULT,
        InstantSource.fixed(Instant.parse(step.text("time"))),
        reader);
  }

  private Mirror mirror(Json.Members names, List<String> requests) {
    return (path, maxBytes, sink) -> {
      requests.add(path.encoded());
      if (!(names.find(path.encoded()).orElse(null) instanceof Json.Text(String key))) {
        return false;
      }
      try {
        byte[] file = content(key);
        if (file.length > maxBytes) {
          throw new MirrorException("longer than it may be");
        }
        sink.write(file);
        return true;
      } catch (IOException | TufException e) {
        throw new AssertionError(e);
      }
    };
  }

  private byte[] content(String key) throws TufException {
    return vector.members("files").text(key).getBytes(StandardCharsets.UTF_8);
  }

  private void compare(Json.Members step, List<String> found) throws IOException, TufException {
    String wantedStep = step.find("step").isPresent() ? step.text("step") : "";
    assertEquals(List.of(step.text("outcome"), wantedStep), found, where);
    if (step.find("asked").isPresent()) {
      assertEquals(step.texts("asked"), asked, where);
    }
    Map<String, Long> wanted = new TreeMap<>();
    Json.Members trusted = step.members("trusted");
    for (String file : trusted.values().keySet()) {
      wanted.put(file, trusted.whole(file, 1));
    }
    if (wanted.isEmpty()) {
      return; // the pinned root was none
    }
    Map<String, Long> has = new TreeMap<>();
    for (Path file : files(metadataDirectory)) {
      byte[] bytes = Files.readAllBytes(file);
      has.put(
          String.valueOf(file.getFileName()),
          JsonReader.read(bytes).members("signed").whole("version", 1));
      assertTrue(isContent(bytes), where + ": not the bytes that were received: " + file);
    }
    assertEquals(wanted, has, where);
  }

  private void compareTargets(Json.Members step) throws IOException, TufException {
    List<String> wanted = new ArrayList<>();
    for (String key : step.texts("has")) {
      wanted.add(new String(content(key), StandardCharsets.UTF_8));
    }
    List<String> has = new ArrayList<>();
    for (Path file : files(targetDirectory)) {
      has.add(Files.readString(file));
    }
    assertEquals(new TreeSet<>(wanted), new TreeSet<>(has), where);
    assertEquals(wanted.size(), has.size(), where);
  }

  private boolean isContent(byte[] bytes) throws TufException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return vector.members("files").values().values().contains(new Json.Text(text));
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
