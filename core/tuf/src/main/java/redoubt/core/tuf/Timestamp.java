package redoubt.core.tuf;

import java.time.Instant;

/// The timestamp: which snapshot is the newest.
///
/// @param version its version
/// @param expires its end, soon
/// @param snapshot the newest snapshot
public record Timestamp(long version, Instant expires, MetaFile snapshot) implements Signed {
  /// What metadata calls this kind, and the role.
  public static final String TYPE = "timestamp";

  @Override
  public String type() {
    return TYPE;
  }

  static Timestamp parse(Json.Members signed) throws TufException {
    return new Timestamp(
        Signed.version(signed),
        Signed.expires(signed),
        MetaFile.parse(signed.members("meta").members("snapshot.json")));
  }
}
