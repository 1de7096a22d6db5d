package redoubt.testing.architecture.sample.util;

/// Stands in no room, in a package named after nothing.
public enum Words {
  /// The only one.
  ONE
}
