package redoubt.core.tuf.signing;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.MetaFile;
import redoubt.core.tuf.Root;
import redoubt.core.tuf.Signed;
import redoubt.core.tuf.Snapshot;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.Timestamp;

/// Writes what is to be signed. Every version is told by whoever drafts; whether it may be
/// published shows when it is. Stateless.
public final class Drafts {
  private static final String SPECIFICATION = "1.0.34";

  private Drafts() {}

  /// A root.
  ///
  /// @param roles the keys of `root`, `timestamp`, `snapshot` and `targets`
  public static Json.Members root(
      long version, Instant expires, boolean consistentSnapshot, Map<String, RoleDraft> roles) {
    Map<String, Json> keys = new LinkedHashMap<>();
    Map<String, Json> forms = new LinkedHashMap<>();
    roles.forEach((name, role) -> {
      role.addKeys(keys);
      forms.put(name, new Json.Members(role.form()));
    });
    Map<String, Json> form = begin(Root.TYPE, version, expires);
    form.put("consistent_snapshot", new Json.Flag(consistentSnapshot));
    form.put("keys", new Json.Members(keys));
    form.put("roles", new Json.Members(forms));
    return new Json.Members(form);
  }

  /// A targets role that delegates by names, or not at all.
  public static Json.Members targets(
      long version,
      Instant expires,
      Map<String, TargetFile> targets,
      List<DelegationDraft> delegations) {
    if (delegations.isEmpty()) {
      return targets(version, expires, targets, Optional.empty());
    }
    Map<String, Json> keys = new LinkedHashMap<>();
    delegations.forEach(each -> each.role().addKeys(keys));
    Map<String, Json> form = new LinkedHashMap<>();
    form.put("keys", new Json.Members(keys));
    form.put(
        "roles", new Json.Items(delegations.stream().<Json>map(DelegationDraft::form).toList()));
    return targets(version, expires, targets, Optional.of(new Json.Members(form)));
  }

  /// A targets role that delegates to bins.
  public static Json.Members targets(
      long version, Instant expires, Map<String, TargetFile> targets, BinsDraft bins) {
    Map<String, Json> keys = new LinkedHashMap<>();
    bins.role().addKeys(keys);
    Map<String, Json> form = new LinkedHashMap<>();
    form.put("keys", new Json.Members(keys));
    form.put("succinct_roles", bins.form());
    return targets(version, expires, targets, Optional.of(new Json.Members(form)));
  }

  /// A snapshot.
  ///
  /// @param roles every targets role, the top-level one and delegated ones
  public static Json.Members snapshot(long version, Instant expires, Map<String, MetaFile> roles) {
    Map<String, Json> meta = new LinkedHashMap<>();
    roles.forEach((role, file) -> meta.put(role + ".json", file.form()));
    Map<String, Json> form = begin(Snapshot.TYPE, version, expires);
    form.put("meta", new Json.Members(meta));
    return new Json.Members(form);
  }

  /// A timestamp.
  public static Json.Members timestamp(long version, Instant expires, MetaFile snapshot) {
    Map<String, Json> form = begin(Timestamp.TYPE, version, expires);
    form.put("meta", new Json.Members(Map.of("snapshot.json", snapshot.form())));
    return new Json.Members(form);
  }

  private static Json.Members targets(
      long version,
      Instant expires,
      Map<String, TargetFile> targets,
      Optional<Json.Members> delegations) {
    Map<String, Json> files = new LinkedHashMap<>();
    targets.forEach((path, file) -> files.put(path, file.form()));
    Map<String, Json> form = begin(Targets.TYPE, version, expires);
    delegations.ifPresent(known -> form.put("delegations", known));
    form.put("targets", new Json.Members(files));
    return new Json.Members(form);
  }

  private static Map<String, Json> begin(String type, long version, Instant expires) {
    Map<String, Json> form = new LinkedHashMap<>();
    form.put("_type", new Json.Text(type));
    form.put("expires", new Json.Text(Signed.TIME.format(expires.atOffset(ZoneOffset.UTC))));
    form.put("spec_version", new Json.Text(SPECIFICATION));
    form.put("version", new Json.Whole(version));
    return form;
  }
}
