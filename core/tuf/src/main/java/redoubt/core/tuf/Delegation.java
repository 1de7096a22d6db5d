package redoubt.core.tuf;

import java.util.Map;

/// The word of one targets role that another speaks for some paths.
///
/// @param name the other role
/// @param keys who signs for it
/// @param terminating whether nobody else is asked about these paths afterwards
/// @param paths for which it speaks
/// @param form as it was written, with what other specifications add
public record Delegation(
    String name, RoleKeys keys, boolean terminating, PathRule paths, Json.Members form) {

  /// The same under another name.
  Delegation withName(String other) {
    return new Delegation(other, keys, terminating, paths, form);
  }

  static Delegation parse(Json.Members form, Map<String, VerifyingKey> known) throws TufException {
    return new Delegation(
        RoleName.require(form.text("name")),
        RoleKeys.parse(form, known),
        form.flag("terminating"),
        PathRule.parse(form),
        form);
  }
}
