package redoubt.engine.kit;

import java.util.Set;
import redoubt.core.model.EventClass;

/// Who an engine is and what it asks for; the owner decides what of it is granted.
///
/// @param name the product's name, 1 to 256 characters
/// @param vendor who makes it, at most 256 characters
/// @param version the product's version, at most 128 characters
/// @param schemaHash the SHA-256 of the schema of the content that it interprets, 64 lower-case
///   hexadecimal digits; empty for an engine without content
/// @param authClasses events to judge while the operation waits
/// @param notifyClasses events to hear of
/// @param provenance whether events to judge should say where the file comes from
///   ([FileEvent#provenance])
public record EngineDescription(
    String name,
    String vendor,
    String version,
    String schemaHash,
    Set<EventClass> authClasses,
    Set<EventClass> notifyClasses,
    boolean provenance) {
  public EngineDescription {
    authClasses = Set.copyOf(authClasses);
    notifyClasses = Set.copyOf(notifyClasses);
  }

  /// An engine that does not ask where files come from.
  public EngineDescription(
      String name,
      String vendor,
      String version,
      String schemaHash,
      Set<EventClass> authClasses,
      Set<EventClass> notifyClasses) {
    this(name, vendor, version, schemaHash, authClasses, notifyClasses, false);
  }

  /// Whether the engine interprets content, and so judges only once it has some.
  public boolean needsContent() {
    return !schemaHash.isEmpty();
  }
}
