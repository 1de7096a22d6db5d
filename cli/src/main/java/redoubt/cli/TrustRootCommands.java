package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Table.Cell;
import redoubt.core.model.Octets;
import redoubt.core.tuf.Digests;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.RoleKeys;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.VerifyingKey;
import redoubt.core.tuf.mirror.MirrorAddress;
import redoubt.core.tuf.policy.PinnedRepositories;
import redoubt.core.tuf.policy.PinnedRepository;
import redoubt.core.tuf.policy.TrialRunners;
import redoubt.core.tuf.policy.TrustedRepository;
import redoubt.core.tuf.policy.TrustedVendor;
import redoubt.core.tuf.signing.NextDrafts;
import redoubt.core.tuf.signing.SigningException;

/// `redoubt trust-root` and what is below it: whose bundles this host may take.
final class TrustRootCommands {
  private TrustRootCommands() {}

  /// `redoubt trust-root`.
  @Command(
      name = "trust-root",
      synopsisSubcommandLabel = "show|add|list|remove",
      description = {
        "Say which repositories this host believes, each for which vendors.",
        "",
        "A repository is believed by its root, a file that its owner gives away and that says whose"
            + " keys count. Compare its digest by another way than the file took. Several may be"
            + " trusted at once, each for its own vendors; none is built in."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session,
          "what to do with trusted roots: show, add, list or remove",
          "redoubt trust-root --help");
    }
  }

  /// The trusted repositories of this host.
  static PinnedRepositories of(Session session) {
    return new PinnedRepositories(session.directories().config().resolve("trust"));
  }

  private static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Limits.DEFAULT.rootBytes() + 1);
      if (bytes.length > Limits.DEFAULT.rootBytes()) {
        throw new Problem(
            ExitCode.NO, "too long for a root: file=" + file, "name the root of a repository");
      }
      return bytes;
    }
  }

  private static void requireRoot() {
    if (!ProcessUser.isRoot()) {
      throw new Problem(
          ExitCode.PERMISSION, "changing whom this host believes needs root", "try sudo");
    }
  }

  /// `redoubt trust-root show`.
  @Command(
      name = "show",
      description = {
        "Look at a root before it is trusted: its digest, and whose keys count in it.",
        "",
        "Exit status 1 if it is no root, or not signed as it says itself."
      })
  static final class Show extends Subcommand {
    @Parameters(paramLabel = "ROOT", description = "The file.")
    private Path file = Path.of("");

    Show(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      return RepositoryWork.with(() -> {
        byte[] bytes = read(file);
        Root root = TrustedRepository.requireRoot(bytes);
        if (wantsJson()) {
          terminal().json(json(bytes, root));
        } else {
          print(bytes, root);
        }
        return ExitCode.OK;
      });
    }

    private static ObjectNode json(byte[] bytes, Root root) {
      ObjectNode node = object();
      node.put("sha256", Digests.sha256(bytes));
      node.put("version", root.version());
      node.put("expires", root.expires().toString());
      ObjectNode roles = node.putObject("roles");
      new TreeMap<>(root.roles())
          .forEach((name, keys) -> {
            ObjectNode role = roles.putObject(name).put("threshold", keys.threshold());
            fingerprints(keys).forEach(role.withArray("fingerprints")::add);
          });
      return node;
    }

    private static List<String> fingerprints(RoleKeys keys) {
      return keys.keys().values().stream().map(VerifyingKey::fingerprint).sorted().toList();
    }

    private void print(byte[] bytes, Root root) {
      terminal().line("digest   " + Digests.sha256(bytes));
      terminal().line("version  " + root.version());
      terminal().line("until    " + Times.local(root.expires(), session().clock().getZone()));
      Table table = new Table("ROLE", "NEEDS", "KEY (FINGERPRINT)");
      new TreeMap<>(root.roles())
          .forEach((name, keys) -> {
            String needs = keys.threshold() + " of " + keys.keyIds().size();
            String role = name;
            for (String fingerprint : fingerprints(keys)) {
              table.add(Cell.of(role), Cell.of(needs), Cell.of(fingerprint));
              role = "";
              needs = "";
            }
          });
      table.print(terminal());
    }
  }

  /// `redoubt trust-root add`.
  @Command(
      name = "add",
      description = {
        "Believe a repository, for some vendors.",
        "",
        "From then on bundles of those vendors can be fetched from it: redoubt content fetch."
      })
  static final class Add extends Subcommand {
    @Parameters(
        index = "0",
        paramLabel = "NAME",
        description = "What to call it: letters, digits and '-'.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "ROOT", description = "Its root.")
    private Path file = Path.of("");

    @Option(
        names = "--mirror",
        required = true,
        paramLabel = "WHERE",
        description =
            "Where it can be had: an http or https address, or a directory. Who answers there is"
                + " trusted with nothing.")
    private String mirror = "";

    @Option(
        names = "--vendor",
        required = true,
        paramLabel = "NAME",
        description = "For whom it may speak. May be repeated.")
    private List<String> vendors = new ArrayList<>();

    @Option(
        names = "--trial-runner",
        paramLabel = "PUB",
        description =
            "Believe trials of this key alone; may be repeated. Default: whom the repository names.")
    private List<Path> trialRunners = new ArrayList<>();

    @Option(
        names = "--digest",
        paramLabel = "SHA256",
        description = "Believe it only if its root has this digest.")
    private String digest = "";

    Add(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      requireRoot();
      return RepositoryWork.with(() -> {
        byte[] bytes = read(file);
        String found = Digests.sha256(bytes);
        if (!digest.isEmpty() && !digest.equals(found)) {
          throw new Problem(
              ExitCode.NO,
              "another root: digest=" + found + " wanted=" + Printable.of(digest),
              "ask whoever gave it to you");
        }
        of(session()).add(pinned(bytes));
        if (wantsJson()) {
          terminal().json(object().put("trusted", name).put("sha256", found));
        } else {
          terminal().line("trusted: " + name + " for " + String.join(", ", vendors));
          terminal().line("digest   " + found);
        }
        return ExitCode.OK;
      });
    }

    private PinnedRepository pinned(byte[] root) throws IOException, SigningException {
      List<TrustedVendor> speaksFor =
          vendors.stream()
              .map(vendor -> new TrustedVendor(vendor, NextDrafts.roleOf(vendor), vendor + "/"))
              .toList();
      TrialRunners runners =
          trialRunners.isEmpty()
              ? new TrialRunners.AsTheRepositorySays()
              : new TrialRunners.Named(
                  RepositoryKeys.open(trialRunners).stream()
                      .map(VerifyingKey::fingerprint)
                      .collect(Collectors.toCollection(TreeSet::new)));
      String where = mirror.matches("https?:.*") ? mirror : absolute(mirror);
      return new PinnedRepository(
          new TrustedRepository(name, Octets.of(root), speaksFor, runners),
          new MirrorAddress(where));
    }

    private static String absolute(String path) {
      return Path.of(path).toAbsolutePath().normalize().toString();
    }
  }

  /// `redoubt trust-root list`.
  @Command(name = "list", description = "Show which repositories this host believes, and for whom.")
  static final class ListAll extends Subcommand {
    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      return RepositoryWork.with(() -> {
        List<PinnedRepository> all = of(session()).read();
        if (wantsJson()) {
          ArrayNode array = JsonNodeFactory.instance.arrayNode();
          all.forEach(each -> array.add(json(each)));
          terminal().json(array);
        } else if (all.isEmpty()) {
          terminal().line("none: this host takes bundles on its owner's word alone");
        } else {
          print(all);
        }
        return ExitCode.OK;
      });
    }

    private static ObjectNode json(PinnedRepository each) {
      ObjectNode node = object();
      node.put("name", each.trusted().name());
      node.put("mirror", each.mirror().text());
      node.put("rootSha256", Digests.sha256(each.trusted().root().toArray()));
      each.trusted().vendors().forEach(vendor -> node.withArray("vendors").add(vendor.name()));
      if (each.trusted().trialRunners() instanceof TrialRunners.Named(var fingerprints)) {
        new TreeSet<>(fingerprints).forEach(node.withArray("trialRunners")::add);
      }
      return node;
    }

    private void print(List<PinnedRepository> all) {
      Table table = new Table("NAME", "FOR", "TRIALS OF", "MIRROR");
      for (PinnedRepository each : all) {
        String vendors =
            each.trusted().vendors().stream()
                .map(TrustedVendor::name)
                .collect(Collectors.joining(", "));
        String runners =
            each.trusted().trialRunners() instanceof TrialRunners.Named(var fingerprints)
                ? fingerprints.size() + " named keys"
                : "whom it names";
        table.add(
            Cell.of(each.trusted().name()),
            Cell.of(vendors),
            Cell.of(runners),
            Cell.of(each.mirror().text()));
      }
      table.print(terminal());
    }
  }

  /// `redoubt trust-root remove`.
  @Command(
      name = "remove",
      description = {
        "Believe a repository no longer.",
        "",
        "What was taken from it goes on; nothing new is."
      })
  static final class Remove extends Subcommand {
    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    Remove(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      requireRoot();
      return RepositoryWork.with(() -> {
        if (!of(session()).remove(name)) {
          throw new Problem(
              ExitCode.NO,
              "no such repository: name=" + Printable.of(name),
              "redoubt trust-root list");
        }
        if (wantsJson()) {
          terminal().json(object().put("removed", name));
        } else {
          terminal().line("no longer trusted: " + name);
        }
        return ExitCode.OK;
      });
    }
  }
}
