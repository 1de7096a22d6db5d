package redoubt.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Terminal.Tone;
import redoubt.core.model.Octets;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.signing.Ceremony;
import redoubt.core.tuf.signing.NextDrafts;
import redoubt.core.tuf.signing.Publication;
import redoubt.core.tuf.signing.PublishedRepository;
import redoubt.core.tuf.signing.SignedFile;
import redoubt.core.tuf.signing.SigningException;
import redoubt.core.tuf.signing.SigningKey;

/// `redoubt repository publish` and `renew`: what the online key is for.
final class RepositoryPublishCommands {
  private RepositoryPublishCommands() {}

  /// What is published needs the time for which it counts.
  static final class Lives {
    @Option(
        names = "--snapshot-days",
        paramLabel = "N",
        description = "For how long the snapshot counts. Default: 90.")
    private int snapshotDays = 90;

    @Option(
        names = "--timestamp-hours",
        paramLabel = "N",
        description =
            "For how long the timestamp counts: a host that sees no newer one for so long takes"
                + " nothing new. Default: 48.")
    private int timestampHours = 48;

    Duration snapshot() {
      return Duration.ofDays(inRange("--snapshot-days", snapshotDays));
    }

    Duration timestamp() {
      return Duration.ofHours(inRange("--timestamp-hours", timestampHours));
    }

    private static int inRange(String name, int value) {
      if (value < 1 || value > 3650) {
        throw new Problem(ExitCode.USAGE, "not in range: " + name + "=" + value, "say 1 to 3650");
      }
      return value;
    }
  }

  /// `redoubt repository publish`.
  @Command(
      name = "publish",
      description = {
        "Publish what was signed: all of it, or nothing.",
        "",
        "Puts signatures together, signs snapshot and timestamp with the online key, and looks at"
            + " the whole with a host's own eyes before it shows. What was broken off can be"
            + " published again."
      })
  static final class Publish extends Subcommand {
    @Option(
        names = "--repository",
        required = true,
        paramLabel = "DIR",
        description = "Where it is; made for its first root.")
    private Path repository = Path.of("");

    @Option(names = "--root", paramLabel = "CEREMONY", description = "A root, of prepare-root.")
    private @Nullable Path root;

    @Option(
        names = "--vendors",
        paramLabel = "CEREMONY",
        description = "Which vendors there are, of prepare-vendor.")
    private @Nullable Path vendors;

    @Option(
        names = "--bundles",
        paramLabel = "VENDOR=CEREMONY",
        description = "A vendor's bundles, of prepare-bundles. May be repeated.")
    private Map<String, Path> bundles = new HashMap<>();

    @Parameters(
        arity = "0..*",
        paramLabel = "BUNDLE",
        description = "The bundles that are new in it.")
    private List<Path> files = new ArrayList<>();

    @Mixin private RepositoryKeys keys = new RepositoryKeys();
    @Mixin private Lives lives = new Lives();

    Publish(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      return RepositoryWork.with(this::publish);
    }

    private int publish() throws IOException, SigningException {
      PublishedRepository published = new PublishedRepository(repository);
      NextDrafts drafts = NextDrafts.of(published, session().clock().instant());
      List<SigningKey> online = keys.open();
      Optional<Octets> newRoot = Optional.empty();
      if (root != null) {
        newRoot = Optional.of(assembled(drafts, Root.TYPE, root));
        drafts = drafts.on(Root.TYPE, new Ceremony(root).draft());
      }
      Map<String, byte[]> roles = new TreeMap<>();
      if (vendors != null) {
        roles.put(Targets.TYPE, assembled(drafts, Targets.TYPE, vendors).toArray());
        drafts = drafts.on(Targets.TYPE, new Ceremony(vendors).draft());
      }
      for (Map.Entry<String, Path> each : bundles.entrySet()) {
        String role = NextDrafts.roleOf(each.getKey());
        roles.put(role, assembled(drafts, role, each.getValue()).toArray());
      }
      if (newRoot.isEmpty() && roles.isEmpty()) {
        throw new Problem(
            ExitCode.USAGE,
            "there is nothing to publish",
            "say --root, --vendors or --bundles; redoubt repository renew renews the timestamp");
      }
      Publication change = change(published, drafts, online, newRoot, roles);
      published.publish(change, pinned(published, newRoot), session().clock());
      long version = published.timestamp().orElseThrow().version();
      if (wantsJson()) {
        terminal().json(object().put("published", true).put("timestamp", version));
      } else {
        terminal().line(terminal().paint(Tone.GOOD, "published") + ": timestamp " + version);
      }
      return ExitCode.OK;
    }

    private static Octets assembled(NextDrafts drafts, String role, Path directory)
        throws IOException, SigningException {
      Ceremony ceremony = new Ceremony(directory);
      return Octets.of(ceremony.assemble(drafts.signers(role, ceremony.draft())));
    }

    private Publication change(
        PublishedRepository published,
        NextDrafts drafts,
        List<SigningKey> online,
        Optional<Octets> newRoot,
        Map<String, byte[]> roles)
        throws IOException, SigningException {
      byte[] snapshot = SignedFile.sign(drafts.snapshot(roles, lives.snapshot()), online);
      byte[] timestamp = SignedFile.sign(drafts.timestamp(snapshot, lives.timestamp()), online);
      Map<String, Octets> targetsRoles = new HashMap<>();
      roles.forEach((role, file) -> targetsRoles.put(role, Octets.of(file)));
      Map<String, Path> targets = new HashMap<>();
      for (Path file : files) {
        targets.put(target(file), file);
      }
      return new Publication(
          published.timestamp().map(each -> each.version()).orElse(0L),
          newRoot,
          targetsRoles,
          Optional.of(Octets.of(snapshot)),
          Octets.of(timestamp),
          targets);
    }

    private static String target(Path bundle) {
      return ContentCommands.with(
          bundle,
          opened -> {
            opened.verify();
            return opened.manifest().target();
          });
    }

    /// Before the first publication hosts can begin with nothing but what is published now.
    private static List<Octets> pinned(PublishedRepository published, Optional<Octets> newRoot)
        throws IOException {
      List<Octets> roots = published.rootFiles();
      return roots.isEmpty() ? newRoot.stream().toList() : roots;
    }
  }

  /// `redoubt repository renew`.
  @Command(
      name = "renew",
      description = {
        "Say once more that what is published is the newest: signs a new timestamp.",
        "",
        "To be run far more often than a timestamp counts, by a timer."
      })
  static final class Renew extends Subcommand {
    @Option(
        names = "--repository",
        required = true,
        paramLabel = "DIR",
        description = "Where it is.")
    private Path repository = Path.of("");

    @Mixin private RepositoryKeys keys = new RepositoryKeys();
    @Mixin private Lives lives = new Lives();

    Renew(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      return RepositoryWork.with(() -> {
        PublishedRepository published = new PublishedRepository(repository);
        NextDrafts drafts = NextDrafts.of(published, session().clock().instant());
        byte[] timestamp = SignedFile.sign(drafts.timestamp(lives.timestamp()), keys.open());
        long before = published.timestamp().orElseThrow().version();
        published.publish(
            Publication.ofTimestamp(before, Octets.of(timestamp)),
            published.rootFiles(),
            session().clock());
        if (wantsJson()) {
          terminal().json(object().put("published", true).put("timestamp", before + 1));
        } else {
          terminal().line(terminal().paint(Tone.GOOD, "renewed") + ": timestamp " + (before + 1));
        }
        return ExitCode.OK;
      });
    }
  }
}
