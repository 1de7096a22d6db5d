/// Sigma: detection rules of the open Sigma format, read, compiled together and run on events.
@org.jspecify.annotations.NullMarked
module redoubt.engine.sigma {
  requires static transitive org.jspecify;
  requires java.xml;
  requires org.dnsjava;
  requires org.safere;
  requires transitive redoubt.core.model;
  requires redoubt.core.search;
  requires transitive redoubt.core.wire;
  requires redoubt.engine.kit;
  requires org.snakeyaml.engine.v2;

  exports redoubt.engine.sigma;
  exports redoubt.engine.sigma.correlation;
  exports redoubt.engine.sigma.event;
  exports redoubt.engine.sigma.live;
  exports redoubt.engine.sigma.match;
  exports redoubt.engine.sigma.pipeline;
  exports redoubt.engine.sigma.replay;
  exports redoubt.engine.sigma.rule;
  exports redoubt.engine.sigma.vectors;
}
