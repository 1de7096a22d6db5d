package redoubt.core.model;

/// How a file compares with the one that a package brought under the same name.
public enum PackageState {
  /// No installed package brought a file of this name.
  NONE,
  /// Its content is the one that the package brought.
  AS_SHIPPED,
  /// Its content is another one.
  CHANGED,
  /// The package database has no digest of it, or its content could not be digested in time.
  UNVERIFIED;

  /// Whether the file may pass for the one that the package brought.
  public boolean passes() {
    return this == AS_SHIPPED || this == UNVERIFIED;
  }
}
