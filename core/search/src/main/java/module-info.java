/// Many texts sought in one value at once.
@org.jspecify.annotations.NullMarked
module redoubt.core.search {
  requires static transitive org.jspecify;
  requires transitive redoubt.core.model;

  exports redoubt.core.search;
}
