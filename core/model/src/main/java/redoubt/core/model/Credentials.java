package redoubt.core.model;

/// Whose rights a process has. Each number is -1 if it is not known.
///
/// @param uid the real user id
/// @param effectiveUid the effective user id
/// @param gid the real group id
/// @param effectiveGid the effective group id
public record Credentials(int uid, int effectiveUid, int gid, int effectiveGid) {
  /// Nothing is known.
  public static final Credentials UNKNOWN = new Credentials(-1, -1, -1, -1);

  /// The same with another user.
  public Credentials withUser(int newUid, int newEffectiveUid) {
    return new Credentials(newUid, newEffectiveUid, gid, effectiveGid);
  }

  /// The same with another group.
  public Credentials withGroup(int newGid, int newEffectiveGid) {
    return new Credentials(uid, effectiveUid, newGid, newEffectiveGid);
  }
}
