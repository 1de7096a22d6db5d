/// The way of a host to the server of its fleet: TLS and gRPC, in a process of its own.
@org.jspecify.annotations.NullMarked
module redoubt.courier {
  requires static transitive org.jspecify;
  requires java.logging;
  requires io.grpc;
  requires io.grpc.netty.shaded;
  requires io.grpc.stub;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires redoubt.core.linux;
  requires transitive redoubt.core.model;
  requires redoubt.core.rpc;
  requires transitive redoubt.core.wire;

  exports redoubt.courier;
}
