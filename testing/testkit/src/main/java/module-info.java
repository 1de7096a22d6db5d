/// What tests of the agent stand on: a simulated kernel, simulated time, scripted engines, seeds;
/// and the TUF client as a conformance suite drives it.
@org.jspecify.annotations.NullMarked
module redoubt.testing.testkit {
  requires static transitive org.jspecify;
  requires transitive redoubt.agent;
  requires transitive redoubt.core.model;
  requires redoubt.core.linux;
  requires redoubt.core.http;
  requires redoubt.core.tuf;
  requires jdk.httpserver;
  requires transitive org.junit.jupiter.api;

  exports redoubt.testing.testkit;
  exports redoubt.testing.testkit.tuf;
}
