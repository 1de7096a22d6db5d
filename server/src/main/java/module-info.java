/// The server of a fleet: takes hosts in, hears them, and keeps what they say.
@org.jspecify.annotations.NullMarked
module redoubt.server {
  requires static transitive org.jspecify;
  requires transitive redoubt.core.content;
  requires redoubt.core.disk;
  requires transitive redoubt.core.model;
  requires redoubt.core.rpc;
  requires transitive redoubt.core.wire;
  requires transitive redoubt.fleet;
  requires com.zaxxer.hikari;
  requires flyway.core;
  requires com.fasterxml.jackson.core;
  requires transitive com.fasterxml.jackson.databind;
  requires io.helidon.common.tls;
  requires io.helidon.http;
  requires io.helidon.http.sse;
  requires io.helidon.webserver.sse;
  requires io.helidon.logging.common;
  requires io.helidon.webserver;
  requires io.grpc;
  requires io.grpc.netty.shaded;
  requires io.grpc.stub;
  requires io.grpc.util;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.jooq;
  requires org.postgresql.jdbc;
  requires org.xerial.sqlitejdbc;
  requires java.logging;
  requires java.net.http;
  requires java.sql;

  exports redoubt.server;
  exports redoubt.server.api;
  exports redoubt.server.commands;
  exports redoubt.server.identity;
  exports redoubt.server.outputs;
  exports redoubt.server.plane;
  exports redoubt.server.policy;
  exports redoubt.server.rollouts;
  exports redoubt.server.store;

  provides io.helidon.logging.common.spi.LoggingProvider with
      redoubt.server.log.HelidonLog;
  provides redoubt.fleet.serving.ServerLauncher with
      redoubt.server.Launcher;
}
