/// What a vendor writes an engine against: judge files, and leave the protocol to the kit.
@org.jspecify.annotations.NullMarked
module redoubt.engine.kit {
  requires static transitive org.jspecify;
  requires transitive redoubt.core.model;
  requires redoubt.core.linux;
  requires redoubt.core.wire;

  exports redoubt.engine.kit;
}
