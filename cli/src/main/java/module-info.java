/// The `redoubt` command: shows and changes what the agent does; holds no logic of its own.
@org.jspecify.annotations.NullMarked
module redoubt.cli {
  requires static transitive org.jspecify;
  requires redoubt.agent;
  requires redoubt.core.content;
  requires redoubt.core.linux;
  requires redoubt.core.model;
  requires redoubt.core.http;
  requires redoubt.core.tuf;
  requires redoubt.core.wire;
  requires redoubt.engine.allowlist;
  requires redoubt.engine.sigma;
  requires redoubt.fleet;
  requires redoubt.testing.drills;
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires io.prometheus.metrics.config;
  requires io.prometheus.metrics.exporter.httpserver;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;
  requires jdk.httpserver;
  requires org.apache.commons.compress;
  requires org.snakeyaml.engine.v2;

  opens redoubt.cli to
      info.picocli;

  uses redoubt.fleet.serving.ServerLauncher;
}
