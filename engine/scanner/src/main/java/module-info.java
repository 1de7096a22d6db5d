/// The scanner: denies files whose digest stands on a list. An engine like any other vendor's: it
/// uses the kit and nothing else.
@org.jspecify.annotations.NullMarked
module redoubt.engine.scanner {
  requires static transitive org.jspecify;
  requires redoubt.engine.kit;
}
