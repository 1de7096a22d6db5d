/// Recognises ransomware by what it does to files. An engine like any other vendor's: it uses the
/// kit and nothing else.
@org.jspecify.annotations.NullMarked
module redoubt.engine.ransomware {
  requires static transitive org.jspecify;
  requires redoubt.engine.kit;
}
