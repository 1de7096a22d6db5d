/// The host service: hooks, decisions, engines, journal, control.
@org.jspecify.annotations.NullMarked
module redoubt.agent {
  requires static transitive org.jspecify;
  requires transitive redoubt.core.model;
  requires transitive redoubt.core.content;
  requires redoubt.core.search;
  requires redoubt.core.tuf;
  requires transitive redoubt.core.linux;
  requires transitive redoubt.core.wire;
  requires com.fasterxml.jackson.core;

  exports redoubt.agent.admission;
  exports redoubt.agent.confinement;
  exports redoubt.agent.hook;
  exports redoubt.agent.process;
  exports redoubt.agent.decision;
  exports redoubt.agent.engine;
  exports redoubt.agent.health;
  exports redoubt.agent.isolation;
  exports redoubt.agent.journal;
  exports redoubt.agent.kernel;
  exports redoubt.agent.netfilter;
  exports redoubt.agent.policy;
  exports redoubt.agent.quarantine;
  exports redoubt.agent.registry;
  exports redoubt.agent.response;
  exports redoubt.agent.seal;
  exports redoubt.agent.slot;
  exports redoubt.agent.updates;
}
