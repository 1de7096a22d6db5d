package redoubt.engine.scanner.yara;

/// A rule that holds for a content.
///
/// @param rule its name
/// @param namespace the file that it comes from
/// @param description what its author says of it, empty if nothing
public record YaraMatch(String rule, String namespace, String description) {}
