/// Changes of directories that survive a power cut, step by step.
@org.jspecify.annotations.NullMarked
module redoubt.core.disk {
  requires static transitive org.jspecify;

  exports redoubt.core.disk;
}
