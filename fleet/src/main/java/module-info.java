/// Many hosts: how an update reaches them, and a world of simulated ones to try that on.
@org.jspecify.annotations.NullMarked
module redoubt.fleet {
  requires static transitive org.jspecify;
  // For pictures as PNG alone; without it they are SVG.
  requires static java.desktop;

  exports redoubt.fleet.evidence;
  exports redoubt.fleet.picture;
  exports redoubt.fleet.rollout;
  exports redoubt.fleet.serving;
  exports redoubt.fleet.simulation;
}
