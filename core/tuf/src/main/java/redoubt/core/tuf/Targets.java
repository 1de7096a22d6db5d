package redoubt.core.tuf;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A targets role, the top-level one or a delegated one: targets, and whom it asks about others.
///
/// @param version its version
/// @param expires its end
/// @param targets by path
/// @param delegations whom it asks about paths that it does not list
public record Targets(
    long version, Instant expires, Map<String, TargetFile> targets, Delegations delegations)
    implements Signed {
  /// What metadata calls this kind, and the top-level role.
  public static final String TYPE = "targets";

  /// Copies.
  public Targets {
    targets = Map.copyOf(targets);
  }

  @Override
  public String type() {
    return TYPE;
  }

  /// What it says of a path itself.
  public Optional<TargetFile> find(String path) {
    return Optional.ofNullable(targets.get(path));
  }

  static Targets parse(Json.Members signed) throws TufException {
    Map<String, TargetFile> targets = new LinkedHashMap<>();
    Json.Members forms = signed.members("targets");
    for (String path : forms.values().keySet()) {
      targets.put(path, TargetFile.parse(forms.members(path)));
    }
    Delegations delegations =
        signed.find("delegations").isPresent()
            ? Delegations.parse(signed.members("delegations"))
            : new Delegations.Named(List.of());
    return new Targets(Signed.version(signed), Signed.expires(signed), targets, delegations);
  }
}
