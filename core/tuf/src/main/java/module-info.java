/// The Update Framework: what vendors publish, signed so that no single key can make a host take
/// it.
@org.jspecify.annotations.NullMarked
module redoubt.core.tuf {
  requires static transitive org.jspecify;
  requires transitive redoubt.core.disk;
  requires transitive redoubt.core.model;
  requires com.fasterxml.jackson.core;

  exports redoubt.core.tuf;
  exports redoubt.core.tuf.client;
  exports redoubt.core.tuf.mirror;
  exports redoubt.core.tuf.policy;
  exports redoubt.core.tuf.signing;
  exports redoubt.core.tuf.store;
}
