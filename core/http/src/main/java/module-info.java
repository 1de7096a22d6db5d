/// Repositories behind an HTTP or HTTPS address.
@org.jspecify.annotations.NullMarked
module redoubt.core.http {
  requires static transitive org.jspecify;
  requires transitive redoubt.core.tuf;
  requires java.net.http;

  exports redoubt.core.http;
}
