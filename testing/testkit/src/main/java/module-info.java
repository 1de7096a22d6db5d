/// What tests of the agent stand on: a simulated kernel, simulated time, scripted engines, seeds.
@org.jspecify.annotations.NullMarked
module redoubt.testing.testkit {
  requires static transitive org.jspecify;
  requires transitive redoubt.agent;
  requires transitive redoubt.core.model;
  requires redoubt.core.linux;
  requires transitive org.junit.jupiter.api;

  exports redoubt.testing.testkit;
}
