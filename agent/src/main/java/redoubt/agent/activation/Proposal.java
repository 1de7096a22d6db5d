package redoubt.agent.activation;

import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;

/// What an engine is, or is to be: a program, and the content that it has. Immutable.
///
/// @param engine how the program is started
/// @param content the bundle with the content; of an engine that came as a bundle and has no other
///   content, that bundle
record Proposal(EngineManifest engine, BundleFile content) {
  /// Whether the content is that of another bundle.
  boolean hasContentBeside(BundleFile bundle) {
    return !content.file().equals(bundle.file());
  }
}
