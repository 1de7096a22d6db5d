/// Drills: historical outages as bundles, for a real agent with real engines.
@org.jspecify.annotations.NullMarked
module redoubt.testing.drills {
  requires static transitive org.jspecify;
  requires transitive redoubt.core.content;
  requires redoubt.core.tuf;
  requires com.fasterxml.jackson.databind;

  exports redoubt.testing.drills;
}
