package redoubt.core.tuf.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// All repositories that the owner trusts, each for its own vendors. No target can be answered for
/// by two of them.
///
/// @param repositories in any order
public record TrustedRepositories(List<TrustedRepository> repositories) {
  private static final int MOST_REPOSITORIES = 64;

  /// Who may speak for a target.
  ///
  /// @param repository the repository
  /// @param vendor the vendor in it
  public record Speaker(TrustedRepository repository, TrustedVendor vendor) {}

  /// Insists that names differ and that no vendor's paths lie within another's.
  ///
  /// @throws IllegalArgumentException if they do
  public TrustedRepositories {
    repositories = List.copyOf(repositories);
    if (repositories.size() > MOST_REPOSITORIES) {
      throw new IllegalArgumentException("too many repositories: limit=" + MOST_REPOSITORIES);
    }
    Set<String> names = new HashSet<>();
    Set<String> prefixes = new HashSet<>();
    for (TrustedRepository repository : repositories) {
      if (!names.add(repository.name())) {
        throw new IllegalArgumentException(
            "two repositories of one name: name=" + repository.name());
      }
      repository.vendors().forEach(vendor -> requireApart(prefixes, vendor.pathPrefix()));
    }
  }

  /// The one repository, and the vendor in it, that may speak for a target.
  public Optional<Speaker> findSpeaker(String path) {
    return repositories.stream()
        .flatMap(repository ->
            repository.vendors().stream()
                .filter(vendor -> vendor.owns(path))
                .map(vendor -> new Speaker(repository, vendor)))
        .findFirst();
  }

  /// The one repository that may speak for a vendor of that name; nothing if none or several may.
  public Optional<Speaker> findVendor(String name) {
    List<Speaker> all =
        repositories.stream()
            .flatMap(repository ->
                repository.vendors().stream()
                    .filter(vendor -> vendor.name().equals(name))
                    .map(vendor -> new Speaker(repository, vendor)))
            .toList();
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  private static void requireApart(Set<String> prefixes, String prefix) {
    for (String other : prefixes) {
      if (other.startsWith(prefix) || prefix.startsWith(other)) {
        throw new IllegalArgumentException(
            "two vendors for one path: prefix=" + prefix + " other=" + other);
      }
    }
    prefixes.add(prefix);
  }
}
