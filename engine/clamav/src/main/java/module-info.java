/// Brings ClamAV to the platform: what its daemon says of a file becomes a verdict. An engine like
/// any other vendor's: it uses the kit and nothing else.
@org.jspecify.annotations.NullMarked
module redoubt.engine.clamav {
  requires static transitive org.jspecify;
  requires redoubt.engine.kit;
}
