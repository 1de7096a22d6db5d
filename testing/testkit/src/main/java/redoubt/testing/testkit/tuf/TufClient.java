package redoubt.testing.testkit.tuf;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redoubt.core.http.HttpMirror;
import redoubt.core.http.HttpPatience;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.RoleName;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.client.Download;
import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.client.Refresh;
import redoubt.core.tuf.client.TargetFetcher;
import redoubt.core.tuf.client.Updater;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.store.MetadataStore;

/// A TUF client as the public conformance suite drives one:
///
/// - `--metadata-dir D init ROOT` begins to trust a root;
/// - `--metadata-dir D --metadata-url U refresh` brings metadata up to date;
/// - `--metadata-dir D --metadata-url U --target-name T --target-base-url V --target-dir E
///   download` brings metadata up to date and fetches targets; `--target-name` can be repeated. A
///   target lies under its name in percent encoding.
///
/// `--now SECONDS` sets the clock. Status 0 if all of it went well, else 1, with the problem on
/// standard error.
public final class TufClient {
  private static final Set<String> OPTIONS =
      Set.of(
          "--metadata-dir",
          "--metadata-url",
          "--target-name",
          "--target-base-url",
          "--target-dir",
          "--now");

  private final Map<String, String> options = new HashMap<>();
  private final List<String> targets = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private final PrintStream err;

  private TufClient(PrintStream err) {
    this.err = err;
  }

  /// Runs one command.
  ///
  /// @param err gets the problem
  /// @return the exit status
  public static int run(String[] arguments, PrintStream err) {
    TufClient client = new TufClient(err);
    try {
      client.read(arguments);
      return client.run() ? 0 : 1;
    } catch (IOException | MirrorException | IllegalArgumentException e) {
      err.println("tuf-client: " + e.getMessage());
      return 1;
    }
  }

  private void read(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (!OPTIONS.contains(arguments[i])) {
        words.add(arguments[i]);
      } else if (i + 1 == arguments.length) {
        throw new IllegalArgumentException("option without a value: option=" + arguments[i]);
      } else if (arguments[i].equals("--target-name")) {
        targets.add(arguments[++i]);
      } else {
        options.put(arguments[i], arguments[++i]);
      }
    }
  }

  private boolean run() throws IOException, MirrorException {
    MetadataStore store = new MetadataStore(Path.of(option("--metadata-dir")));
    String command = words.isEmpty() ? "" : words.getFirst();
    switch (command) {
      case "init" -> {
        if (words.size() != 2) {
          throw new IllegalArgumentException("init needs a root");
        }
        store.initialize(Files.readAllBytes(Path.of(words.getLast())));
        return true;
      }
      case "refresh", "download" -> {
        URI address = URI.create(option("--metadata-url"));
        try (HttpMirror mirror = new HttpMirror(address, HttpPatience.DEFAULT)) {
          Updater updater = new Updater(store, mirror, Limits.DEFAULT, clock());
          return refresh(updater) && (command.equals("refresh") || download(updater));
        }
      }
      default -> throw new IllegalArgumentException("unknown command: command=" + command);
    }
  }

  private boolean refresh(Updater updater) throws IOException, MirrorException {
    return switch (updater.refresh()) {
      case Refresh.Current _ -> true;
      case Refresh.Expired(TufException why) -> fails(why.getMessage());
      case Refresh.Refused(TufException why) -> fails(why.getMessage());
    };
  }

  private boolean download(Updater updater) throws IOException, MirrorException {
    URI address = URI.create(option("--target-base-url"));
    boolean all = true;
    try (HttpMirror mirror = new HttpMirror(address, HttpPatience.DEFAULT)) {
      TargetFetcher fetcher = new TargetFetcher(mirror, Limits.DEFAULT);
      for (String target : targets) {
        all &=
            switch (updater.find(target)) {
              case Lookup.Found found -> fetch(fetcher, found);
              case Lookup.Absent _ -> fails("no such target: target=" + target);
              case Lookup.Expired(TufException why) -> fails(why.getMessage());
              case Lookup.Refused(TufException why) -> fails(why.getMessage());
            };
      }
    }
    return all;
  }

  private boolean fetch(TargetFetcher fetcher, Lookup.Found found)
      throws IOException, MirrorException {
    Path file = Path.of(option("--target-dir")).resolve(RoleName.encode(found.path()));
    return switch (fetcher.fetch(found, file)) {
      case Download.Stored _, Download.Kept _ -> true;
      case Download.Refused(TufException why) -> fails(why.getMessage());
    };
  }

  private InstantSource clock() {
    return options.containsKey("--now")
        ? InstantSource.fixed(Instant.ofEpochSecond(Long.parseLong(option("--now"))))
        : InstantSource.system();
  }

  private boolean fails(String problem) {
    err.println("tuf-client: " + problem);
    return false;
  }

  private String option(String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException("option missing: option=" + name);
    }
    return value;
  }
}
