package redoubt.engine.sigma.rule;

/// Which events a rule is written for; an empty word says nothing.
///
/// @param category what kind of event, such as `process_creation`
/// @param product whose, such as `windows`
/// @param service which log of the product, such as `security`
public record LogSource(String category, String product, String service) {
  /// Whether everything that this one asks for is asked for by `other` too: events of `other` are
  /// events of this one.
  public boolean contains(LogSource other) {
    return (category.isEmpty() || category.equals(other.category))
        && (product.isEmpty() || product.equals(other.product))
        && (service.isEmpty() || service.equals(other.service));
  }

  /// As `product/category/service`, with a `-` for what is not said.
  @Override
  public String toString() {
    return word(product) + "/" + word(category) + "/" + word(service);
  }

  private static String word(String word) {
    return word.isEmpty() ? "-" : word;
  }
}
