package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Snapshot;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.Timestamp;
import redoubt.core.tuf.policy.PublishedBundle;
import redoubt.core.tuf.signing.Ceremony;
import redoubt.core.tuf.signing.DelegationDraft;
import redoubt.core.tuf.signing.NextDrafts;
import redoubt.core.tuf.signing.PublishedRepository;
import redoubt.core.tuf.signing.RoleDraft;
import redoubt.core.tuf.signing.SignerGroup;
import redoubt.core.tuf.signing.SigningException;

/// `redoubt repository prepare-…`: what is to be signed, as a folder that is carried to whoever
/// signs.
final class RepositoryPrepareCommands {
  private RepositoryPrepareCommands() {}

  /// What all of them have.
  abstract static class Prepare extends Subcommand {
    @Parameters(
        index = "0",
        paramLabel = "CEREMONY",
        description = "The folder to make, which is carried to whoever signs.")
    private Path ceremony = Path.of("");

    @Option(
        names = "--repository",
        required = true,
        paramLabel = "DIR",
        description = "The repository, or a copy of it as it is published.")
    private Path repository = Path.of("");

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "For how long it is to count, 1 to 3650. Default: 365.")
    private int days = 365;

    @Option(
        names = "--with-root",
        paramLabel = "CEREMONY",
        description = "A root that is to be published with it: the first one, say.")
    private @Nullable Path root;

    Prepare(Session session) {
      super(session);
    }

    /// The role that is drafted, and its next file.
    record Draft(String role, Json.Members file) {}

    abstract Draft draft(NextDrafts drafts, Duration life) throws IOException, SigningException;

    @Override
    public final Integer call() {
      if (days < 1 || days > 3650) {
        throw new Problem(ExitCode.USAGE, "not a number of days: --days=" + days, "say 1 to 3650");
      }
      return RepositoryWork.with(this::prepare);
    }

    private int prepare() throws IOException, SigningException {
      NextDrafts drafts =
          NextDrafts.of(new PublishedRepository(repository), session().clock().instant());
      if (root != null) {
        drafts = drafts.on(Root.TYPE, new Ceremony(root).draft());
      }
      Draft draft = draft(drafts, Duration.ofDays(days));
      List<SignerGroup> groups = drafts.signers(draft.role(), draft.file());
      String digest = new Ceremony(ceremony).prepare(draft.file(), groups);
      if (wantsJson()) {
        ObjectNode node = object();
        node.put("ceremony", ceremony.toString());
        node.put("role", draft.role());
        node.put("sha256", digest);
        terminal().json(node);
        return ExitCode.OK;
      }
      terminal().line(Printable.of(ceremony + ": " + draft.role() + " is ready to be signed"));
      for (SignerGroup group : groups) {
        terminal()
            .line(
                Printable.of(
                    "  by "
                        + group.keys().threshold()
                        + " of the "
                        + group.keys().keys().size()
                        + " keys of "
                        + group.why()));
      }
      terminal().line("Whoever signs compares this digest, by another way than the folder took:");
      terminal().line("  " + digest);
      return ExitCode.OK;
    }
  }

  /// `redoubt repository prepare-root`.
  @Command(
      name = "prepare-root",
      description = {
        "Draft the next root: whose keys sign for the repository itself.",
        "",
        "The first one needs keys for each role. Afterwards what is not named stays as it is."
      })
  static final class OfRoot extends Prepare {
    @Option(
        names = "--root-key",
        paramLabel = "PUB",
        description = "A key that may sign the root; kept offline. Three are usual.")
    private List<Path> rootKeys = new ArrayList<>();

    @Option(
        names = "--root-threshold",
        paramLabel = "N",
        description = "How many of them must. Default: 2, or 1 of one key.")
    private int rootThreshold;

    @Option(
        names = "--targets-key",
        paramLabel = "PUB",
        description = "A key that may say which vendors there are; kept offline.")
    private List<Path> targetsKeys = new ArrayList<>();

    @Option(
        names = "--targets-threshold",
        paramLabel = "N",
        description = "How many of them must. Default: 2, or 1 of one key.")
    private int targetsThreshold;

    @Option(
        names = "--online-key",
        paramLabel = "PUB",
        description = "A key that signs snapshot and timestamp, by whoever publishes.")
    private List<Path> onlineKeys = new ArrayList<>();

    OfRoot(Session session) {
      super(session);
    }

    @Override
    Draft draft(NextDrafts drafts, Duration life) throws IOException, SigningException {
      Map<String, RoleDraft> changed = new HashMap<>();
      put(changed, Root.TYPE, rootKeys, rootThreshold);
      put(changed, Targets.TYPE, targetsKeys, targetsThreshold);
      put(changed, Snapshot.TYPE, onlineKeys, 1);
      put(changed, Timestamp.TYPE, onlineKeys, 1);
      return new Draft(Root.TYPE, drafts.root(changed, life));
    }

    private static void put(
        Map<String, RoleDraft> changed, String role, List<Path> keys, int threshold)
        throws IOException, SigningException {
      if (!keys.isEmpty()) {
        int needed = threshold > 0 ? threshold : Math.min(2, keys.size());
        changed.put(role, new RoleDraft(RepositoryKeys.open(keys), needed));
      }
    }
  }

  /// `redoubt repository prepare-vendor`.
  @Command(
      name = "prepare-vendor",
      description = {
        "Draft that a vendor's bundles belong to the repository, or not any more.",
        "",
        "Its bundles lie in VENDOR/, and each change of them needs its signature and a trial"
            + " runner's. A vendor that is there already gets these keys in place of its old ones."
      })
  static final class OfVendor extends Prepare {
    @Option(names = "--vendor", required = true, paramLabel = "NAME", description = "Who it is.")
    private String vendor = "";

    @Option(names = "--vendor-key", paramLabel = "PUB", description = "A key of the vendor.")
    private List<Path> vendorKeys = new ArrayList<>();

    @Option(
        names = "--trial-runner-key",
        paramLabel = "PUB",
        description = "A key of a trial runner.")
    private List<Path> trialRunnerKeys = new ArrayList<>();

    @Option(names = "--remove", description = "It is to belong to it no more.")
    private boolean remove;

    OfVendor(Session session) {
      super(session);
    }

    @Override
    Draft draft(NextDrafts drafts, Duration life) throws IOException, SigningException {
      String role = NextDrafts.roleOf(vendor);
      if (remove) {
        return new Draft(Targets.TYPE, drafts.vendors(List.of(), Set.of(role), life));
      }
      if (vendorKeys.isEmpty() || trialRunnerKeys.isEmpty()) {
        throw new Problem(
            ExitCode.USAGE,
            "a vendor needs keys of both parties",
            "say --vendor-key and --trial-runner-key");
      }
      DelegationDraft delegation =
          DelegationDraft.ofVendor(
              role,
              RepositoryKeys.open(vendorKeys),
              RepositoryKeys.open(trialRunnerKeys),
              vendor + "/");
      return new Draft(Targets.TYPE, drafts.vendors(List.of(delegation), Set.of(), life));
    }
  }

  /// `redoubt repository prepare-bundles`.
  @Command(
      name = "prepare-bundles",
      description = {
        "Draft that bundles of a vendor are published, or not any more.",
        "",
        "What is published already stays unless it is withdrawn. The vendor and a trial runner sign"
            + " it both."
      })
  static final class OfBundles extends Prepare {
    @Option(
        names = "--vendor",
        required = true,
        paramLabel = "NAME",
        description = "Whose they are.")
    private String vendor = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "BUNDLE", description = "New ones.")
    private List<Path> bundles = new ArrayList<>();

    @Option(
        names = "--withdraw",
        paramLabel = "TARGET",
        description = "One that no host is to find any more, as redoubt repository show names it.")
    private List<String> withdrawn = new ArrayList<>();

    @Option(
        names = "--channel",
        paramLabel = "NAME",
        description =
            "For whom the new ones are: hosts take those of the channels that their owners follow."
                + " Naming a bundle again moves it. Default: stable.")
    private String channel = PublishedBundle.STABLE;

    @Option(
        names = "--revoke",
        paramLabel = "TARGET",
        description =
            "One that no host is to have in force any more: hosts that follow it take it back at"
                + " their next look, and never take it again.")
    private List<String> revoked = new ArrayList<>();

    OfBundles(Session session) {
      super(session);
    }

    @Override
    Draft draft(NextDrafts drafts, Duration life) throws IOException, SigningException {
      if (!PublishedBundle.isChannel(channel)) {
        throw new Problem(
            ExitCode.USAGE,
            "no channel: " + Printable.of(channel),
            "1 to 32 small letters, digits and hyphens");
      }
      Map<String, TargetFile> added = new TreeMap<>();
      for (Path file : bundles) {
        BundleTarget target = BundleTarget.of(file, _ -> channel);
        if (!target.vendor().equals(vendor)) {
          throw new Problem(
              ExitCode.NO,
              "a bundle of another vendor: file=" + file + " vendor=" + target.vendor(),
              "leave it out");
        }
        added.put(target.path(), target.file());
      }
      String role = NextDrafts.roleOf(vendor);
      for (String target : revoked) {
        added.put(target, revoked(drafts.repository(), role, target));
      }
      return new Draft(role, drafts.targets(role, added, new HashSet<>(withdrawn), life));
    }

    private static TargetFile revoked(PublishedRepository repository, String role, String target)
        throws IOException, SigningException {
      TargetFile known =
          repository.targetsRole(role).flatMap(targets -> targets.find(target)).orElse(null);
      PublishedBundle bundle = known == null ? null : PublishedBundle.find(known).orElse(null);
      if (known == null || bundle == null) {
        throw new Problem(
            ExitCode.NO,
            "no such bundle is published: target=" + Printable.of(target),
            "redoubt repository show names them");
      }
      return new TargetFile(known.length(), known.digests(), bundle.revoked().custom());
    }
  }
}
