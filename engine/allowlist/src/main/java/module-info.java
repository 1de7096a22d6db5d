/// Application control: what neither a package brought nor the owner trusts does not run. An engine
/// like any other vendor's: it uses the kit and nothing else.
@org.jspecify.annotations.NullMarked
module redoubt.engine.allowlist {
  requires static transitive org.jspecify;
  requires redoubt.engine.kit;
  requires transitive redoubt.core.model;

  exports redoubt.engine.allowlist;
}
