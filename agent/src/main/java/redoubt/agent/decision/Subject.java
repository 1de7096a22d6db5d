package redoubt.agent.decision;

import org.jspecify.annotations.Nullable;
import redoubt.agent.hook.Operation;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

/// What an engine is asked or told about: an operation and what is known of its file. Valid while
/// the operation is held.
public interface Subject {
  /// The operation.
  Operation operation();

  /// The file's path, empty if unknown.
  String path();

  /// The content's identity.
  FileIdentity file();

  /// The content's digest, or null where it was not computed.
  @Nullable Sha256 sha256();

  /// Whether the content was held still by a lease while it was hashed.
  boolean stable();
}
