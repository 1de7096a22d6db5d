package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
import redoubt.core.tuf.CanonicalJson;
import redoubt.core.tuf.Digests;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Signed;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.VerifyingKey;
import redoubt.core.tuf.signing.Ceremony;
import redoubt.core.tuf.signing.KeyFiles;
import redoubt.core.tuf.signing.NextDrafts;
import redoubt.core.tuf.signing.Publication;
import redoubt.core.tuf.signing.PublishedRepository;
import redoubt.core.tuf.signing.SignedFile;
import redoubt.core.tuf.signing.SigningException;
import redoubt.core.tuf.signing.SigningKey;

/// `redoubt repository` and what is below it.
final class RepositoryCommands {
  private static final JsonMapper JSON = new JsonMapper();

  private RepositoryCommands() {}

  /// `redoubt repository`.
  @Command(
      name = "repository",
      synopsisSubcommandLabel =
          "key|prepare-root|prepare-vendor|prepare-bundles|sign|publish|renew|show",
      description = {
        "Keep a repository of bundles: who may publish in it, and what is published.",
        "",
        "A repository is a folder that any web server can serve. Whatever changes in it is drafted"
            + " (prepare-…), signed by whoever must, each on their own machine (sign), and published"
            + " by one who needs no key but the online one. Nothing is published that no host would"
            + " take. It follows The Update Framework; docs/guides/publish-content.md goes through"
            + " it."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session,
          "what to do with a repository: key, prepare-root, prepare-vendor, prepare-bundles, sign,"
              + " publish, renew or show",
          "redoubt repository --help");
    }
  }

  /// `redoubt repository key`.
  @Command(
      name = "key",
      description = {
        "Make a key to sign with: NAME.key, which a passphrase protects, and NAME.pub, for others.",
        "",
        "Both are in PEM (Ed25519, PKCS#8), as openssl makes them too."
      })
  static final class Key extends Subcommand {
    @Parameters(paramLabel = "NAME", description = "What to call the files.")
    private String name = "";

    @Option(
        names = {"--directory", "-d"},
        paramLabel = "DIR",
        description = "Where to. Default: this folder.")
    private Path directory = Path.of("");

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "Take the passphrase from the first line of FILE, - for standard input.")
    private @Nullable Path passphraseFile;

    Key(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
        throw new Problem(
            ExitCode.USAGE,
            "not a name: NAME=" + Printable.of(name),
            "letters, digits, '.', '_' and '-', at most 64");
      }
      char[] words = new PassphraseSource().askNew(passphraseFile).toCharArray();
      if (words.length == 0) {
        throw new Problem(ExitCode.USAGE, "an empty passphrase protects nothing", "choose one");
      }
      return RepositoryKeys.with(() -> {
        Files.createDirectories(directory.toAbsolutePath());
        VerifyingKey key = KeyFiles.create(directory, name, words, new SecureRandom()).verifying();
        if (wantsJson()) {
          terminal().json(object().put("keyid", key.keyId()).put("fingerprint", key.fingerprint()));
        } else {
          terminal().line(Printable.of(directory.resolve(name + ".key") + ", " + name + ".pub"));
          terminal().line("keyid        " + key.keyId());
          terminal().line("fingerprint  " + key.fingerprint());
        }
        return ExitCode.OK;
      });
    }
  }

  /// `redoubt repository sign`.
  @Command(
      name = "sign",
      description = {
        "Sign what a ceremony's folder has, and add the signature to it.",
        "",
        "Needs neither network nor repository. Shows first what is signed; compare its digest with"
            + " what whoever prepared it told you. Folders that were signed in different places are"
            + " put together by copying their files into one."
      })
  static final class Sign extends Subcommand {
    @Parameters(paramLabel = "CEREMONY", description = "The folder.")
    private Path ceremony = Path.of("");

    @Option(
        names = "--digest",
        paramLabel = "SHA256",
        description = "Sign only if what is signed has this digest.")
    private @Nullable String digest;

    @Mixin private RepositoryKeys keys = new RepositoryKeys();

    Sign(Session session) {
      super(session);
    }

    private void show(Json.Members draft) throws IOException {
      JsonNode tree = JSON.readTree(CanonicalJson.writeFile(draft));
      tree.toPrettyString().lines().forEach(line -> terminal().line(Printable.of(line)));
    }

    @Override
    public Integer call() {
      return RepositoryKeys.with(() -> {
        Ceremony opened = new Ceremony(ceremony);
        Json.Members draft = opened.draft();
        String found = Digests.sha256(CanonicalJson.write(draft));
        if (!wantsJson()) {
          terminal()
              .line(
                  Printable.of(new String(CanonicalJson.writeFile(draft), StandardCharsets.UTF_8)));
          terminal().line("digest  " + found);
        }
        if (digest != null && !digest.equals(found)) {
          throw new Problem(
              ExitCode.NO,
              "not what was to be signed: found=" + found + " wanted=" + Printable.of(digest),
              "ask whoever prepared it");
        }
        for (SigningKey key : keys.open()) {
          opened.sign(key);
          if (!wantsJson()) {
            terminal().line(terminal().paint(Tone.GOOD, "signed") + "  keyid=" + key.keyId());
          }
        }
        if (wantsJson()) {
          terminal().json(object().put("signed", true).put("sha256", found));
        }
        return ExitCode.OK;
      });
    }
  }

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
      return RepositoryKeys.with(this::publish);
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
        targets.put(BundleTarget.of(file).path(), file);
      }
      return new Publication(
          published.timestamp().map(each -> each.version()).orElse(0L),
          newRoot,
          targetsRoles,
          Optional.of(Octets.of(snapshot)),
          Octets.of(timestamp),
          targets);
    }

    /// Hosts may begin with any root that was ever published.
    private static List<Octets> pinned(PublishedRepository published, Optional<Octets> newRoot)
        throws IOException {
      List<Octets> roots = new ArrayList<>();
      for (long version = 1; ; version++) {
        Path file = published.metadata().resolve(version + ".root.json");
        if (!Files.exists(file)) {
          break;
        }
        roots.add(Octets.of(Files.readAllBytes(file)));
      }
      if (roots.isEmpty()) {
        newRoot.ifPresent(roots::add);
      }
      return roots;
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
      return RepositoryKeys.with(() -> {
        PublishedRepository published = new PublishedRepository(repository);
        NextDrafts drafts = NextDrafts.of(published, session().clock().instant());
        byte[] timestamp = SignedFile.sign(drafts.timestamp(lives.timestamp()), keys.open());
        long before = published.timestamp().orElseThrow().version();
        published.publish(
            Publication.ofTimestamp(before, Octets.of(timestamp)),
            Publish.pinned(published, Optional.empty()),
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

  /// `redoubt repository show`.
  @Command(
      name = "show",
      description = {
        "Show what a repository publishes, and how long each part of it counts.",
        "",
        "Reads what lies there; whether a host would take it shows when one looks."
      })
  static final class Show extends Subcommand {
    @Parameters(paramLabel = "DIR", description = "Where it is.")
    private Path repository = Path.of("");

    Show(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      return RepositoryKeys.with(() -> {
        PublishedRepository published = new PublishedRepository(repository);
        Map<String, Signed> roles = roles(published);
        Map<String, Targets> vendors = new TreeMap<>();
        roles.forEach((name, role) -> {
          if (role instanceof Targets targets && !targets.targets().isEmpty()) {
            vendors.put(name, targets);
          }
        });
        if (wantsJson()) {
          terminal().json(json(roles, vendors));
        } else {
          print(roles, vendors);
        }
        return ExitCode.OK;
      });
    }

    private static Map<String, Signed> roles(PublishedRepository published)
        throws IOException, SigningException {
      Map<String, Signed> roles = new LinkedHashMap<>();
      roles.put(
          Root.TYPE,
          published
              .root()
              .orElseThrow(() -> new SigningException("nothing is published there yet")));
      published.timestamp().ifPresent(found -> roles.put(found.type(), found));
      published.snapshot().ifPresent(found -> roles.put(found.type(), found));
      if (published.snapshot().isPresent()) {
        for (String file : new TreeMap<>(published.snapshot().get().files()).keySet()) {
          String role = file.substring(0, file.length() - ".json".length());
          published.targetsRole(role).ifPresent(found -> roles.put(role, found));
        }
      }
      return roles;
    }

    private ObjectNode json(Map<String, Signed> roles, Map<String, Targets> vendors) {
      ObjectNode node = object();
      ArrayNode all = node.putArray("roles");
      roles.forEach((name, role) ->
          all.addObject()
              .put("name", name)
              .put("version", role.version())
              .put("expires", role.expires().toString())
              .put("expired", isOver(role.expires())));
      ArrayNode targets = node.putArray("targets");
      vendors.forEach((name, role) ->
          new TreeMap<>(role.targets())
              .forEach((path, file) ->
                  targets
                      .addObject()
                      .put("path", path)
                      .put("role", name)
                      .put("sizeBytes", file.length())
                      .put("sha256", file.digests().values().get("sha256"))));
      return node;
    }

    private boolean isOver(Instant expires) {
      return !session().clock().instant().isBefore(expires);
    }

    private void print(Map<String, Signed> roles, Map<String, Targets> vendors) {
      Table table = new Table("ROLE", "VERSION", "COUNTS UNTIL");
      roles.forEach((name, role) -> {
        String end = Times.local(role.expires(), session().clock().getZone());
        table.add(
            Table.Cell.of(name),
            Table.Cell.of(role.version()),
            isOver(role.expires()) ? Table.Cell.of(end + ", over", Tone.BAD) : Table.Cell.of(end));
      });
      table.print(terminal());
      terminal().line("");
      Table targets = new Table("BUNDLE", "BYTES");
      vendors
          .values()
          .forEach(role ->
              new TreeMap<>(role.targets())
                  .forEach((path, file) ->
                      targets.add(Table.Cell.of(path), Table.Cell.of(file.length()))));
      targets.print(terminal());
    }
  }
}
