/// An engine whose content can misbehave in each way that brought hosts down before. It uses the
/// kit and nothing else.
@org.jspecify.annotations.NullMarked
module redoubt.engine.drill {
  requires static transitive org.jspecify;
  requires java.management;
  requires redoubt.engine.kit;
  requires transitive redoubt.core.model;

  exports redoubt.engine.drill;
}
