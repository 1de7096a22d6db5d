/// Content as signed, verified bundles: nothing else reaches an engine.
@org.jspecify.annotations.NullMarked
module redoubt.core.content {
  requires static transitive org.jspecify;
  requires transitive redoubt.core.disk;
  requires transitive redoubt.core.model;
  requires transitive redoubt.core.wire;
  requires com.fasterxml.jackson.core;

  exports redoubt.core.content;
  exports redoubt.core.content.life;
}
