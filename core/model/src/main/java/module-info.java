/// The vocabulary of the platform: values that every other room speaks of.
@org.jspecify.annotations.NullMarked
module redoubt.core.model {
  requires static transitive org.jspecify;

  exports redoubt.core.model;
}
