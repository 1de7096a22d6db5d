package redoubt.engine.sigma.event;

import java.util.Set;
import redoubt.engine.sigma.rule.LogSource;

/// What kind of event something is, in the words that rules use for log sources. One event belongs
/// to several categories and services at once.
///
/// @param products whose event it is; empty if nobody knows
public record EventClass(Set<String> products, Set<String> categories, Set<String> services) {
  /// An event of which nothing is known.
  public static final EventClass UNKNOWN = new EventClass(Set.of(), Set.of(), Set.of());

  public EventClass {
    products = Set.copyOf(products);
    categories = Set.copyOf(categories);
    services = Set.copyOf(services);
  }

  /// Whether rules for the log source are for such events.
  public boolean belongsTo(LogSource source) {
    return (source.product().isEmpty() || products.contains(source.product()))
        && (source.category().isEmpty() || categories.contains(source.category()))
        && (source.service().isEmpty() || services.contains(source.service()));
  }
}
