/// The open protocols as Java values, and the only code that knows protobuf.
@org.jspecify.annotations.NullMarked
module redoubt.core.wire {
  requires static transitive org.jspecify;
  requires com.google.protobuf;
  requires transitive redoubt.core.model;

  exports redoubt.core.wire;
}
