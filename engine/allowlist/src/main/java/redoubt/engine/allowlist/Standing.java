package redoubt.engine.allowlist;

import redoubt.core.model.PackageState;
import redoubt.core.model.Provenance;

/// How a file stands with application control, by where it comes from.
public enum Standing {
  /// The owner trusts it.
  TRUSTED,
  /// A package brought it, and only root can have changed it since.
  PACKAGED,
  /// It is root's, and a package manager of root's is at work with it.
  INSTALLING,
  /// A package brought a file of that name, but its content is another.
  CHANGED,
  /// Only root can have put it there, but no package did and the owner does not trust it.
  UNKNOWN,
  /// Others than root can have put it there, and the owner does not trust it.
  UNGUARDED;

  /// How a file stands. The owner's word comes first; then what a package brought where nobody else
  /// can have replaced it; then what is installed just now.
  public static Standing of(Provenance provenance) {
    if (!provenance.trust().isEmpty()) {
      return TRUSTED;
    }
    if (provenance.rootOnly() && provenance.packageState().passes()) {
      return PACKAGED;
    }
    if (provenance.rootWritten() && !provenance.packageManager().isEmpty()) {
      return INSTALLING;
    }
    if (!provenance.rootOnly()) {
      return UNGUARDED;
    }
    return provenance.packageState() == PackageState.CHANGED ? CHANGED : UNKNOWN;
  }

  /// Whether it may run.
  public boolean mayRun() {
    return switch (this) {
      case TRUSTED, PACKAGED, INSTALLING -> true;
      case CHANGED, UNKNOWN, UNGUARDED -> false;
    };
  }

  /// Why it may run or may not, for people.
  ///
  /// @param provenance of the file that stands so
  public String reason(Provenance provenance) {
    return switch (this) {
      case TRUSTED ->
          provenance.trust().equals(Provenance.PROTECTED)
              ? "nothing may deny it"
              : "the owner trusts it: " + provenance.trust();
      case PACKAGED ->
          provenance.packageState() == PackageState.AS_SHIPPED
              ? "as the package " + provenance.packageName() + " brought it"
              : "of the package " + provenance.packageName() + ", not held against a digest";
      case INSTALLING -> "root's, and " + provenance.packageManager() + " is at work";
      case CHANGED -> "not what the package " + provenance.packageName() + " brought";
      case UNKNOWN -> "of no package, and the owner does not trust it";
      case UNGUARDED -> "others than root can change it, and the owner does not trust it";
    };
  }
}
