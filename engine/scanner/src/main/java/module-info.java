/// The scanner: denies files whose digest stands on a list or for which a YARA rule holds. An
/// engine like any other vendor's: it uses the kit and nothing else.
@org.jspecify.annotations.NullMarked
module redoubt.engine.scanner {
  requires static transitive org.jspecify;
  requires org.apache.commons.compress;
  requires org.tukaani.xz;
  requires redoubt.engine.kit;
}
