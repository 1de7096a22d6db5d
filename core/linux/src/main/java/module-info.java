/// The only room that calls native code: Linux kernel interfaces behind typed, documented objects.
@org.jspecify.annotations.NullMarked
module redoubt.core.linux {
  requires static transitive org.jspecify;
  requires transitive redoubt.core.model;

  exports redoubt.core.linux;
}
