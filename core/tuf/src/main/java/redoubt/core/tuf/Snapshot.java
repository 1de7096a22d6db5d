package redoubt.core.tuf;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The snapshot: which versions of all targets roles belong together.
///
/// @param version its version
/// @param expires its end
/// @param files every targets role's file, by its name with `.json`; `targets.json` is among them
public record Snapshot(long version, Instant expires, Map<String, MetaFile> files)
    implements Signed {
  /// What metadata calls this kind, and the role.
  public static final String TYPE = "snapshot";

  /// Copies.
  public Snapshot {
    files = Map.copyOf(files);
  }

  @Override
  public String type() {
    return TYPE;
  }

  /// What it says of a targets role's file.
  public Optional<MetaFile> find(String role) {
    return Optional.ofNullable(files.get(role + ".json"));
  }

  static Snapshot parse(Json.Members signed) throws TufException {
    Map<String, MetaFile> files = MetaFile.parseAll(signed.members("meta"));
    if (!files.containsKey("targets.json")) {
      throw TufException.malformed("a snapshot without targets.json");
    }
    return new Snapshot(Signed.version(signed), Signed.expires(signed), files);
  }
}
