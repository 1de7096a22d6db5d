/// The conformance kit: plays the agent to any engine executable and says what it does not keep.
@org.jspecify.annotations.NullMarked
module redoubt.testing.conformance {
  requires static transitive org.jspecify;
  requires redoubt.core.linux;
  requires redoubt.core.model;
  requires redoubt.core.wire;
  requires com.fasterxml.jackson.core;
  requires info.picocli;

  opens redoubt.testing.conformance to
      info.picocli;
}
