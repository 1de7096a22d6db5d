/// The service of a fleet's server, as gRPC has it.
@org.jspecify.annotations.NullMarked
module redoubt.core.rpc {
  requires static transitive org.jspecify;
  requires transitive io.grpc;
  requires redoubt.core.wire;

  exports redoubt.core.rpc;
}
