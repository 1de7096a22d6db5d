package redoubt.agent.engine;

import java.io.IOException;
import java.util.Optional;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.linux.SealedMemory;
import redoubt.core.model.Sha256;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.BundleManifest;

/// Verified content for an engine, ready to be handed over.
///
/// @param name for people
/// @param version what verdicts will name
/// @param trust who vouches for it, for people
/// @param sha256 the payload's digest
/// @param sizeBytes the payload's size
/// @param descriptor sealed memory that holds the payload; open as long as the agent runs
/// @param program the engine that is to have it; empty for the one that is registered
public record EngineContent(
    String name,
    String version,
    String trust,
    Sha256 sha256,
    long sizeBytes,
    int descriptor,
    Optional<EngineManifest> program) {
  /// Puts the content of a bundle into sealed memory, which stays open until the caller closes it.
  ///
  /// @param trust who vouches for it, for people
  /// @throws ContentException if it is not what its manifest says
  /// @throws IOException if the bundle cannot be read
  /// @throws redoubt.core.linux.LinuxException if there is no memory or no descriptor
  public static EngineContent of(BundleFile bundle, String trust)
      throws IOException, ContentException {
    BundleManifest manifest = bundle.manifest();
    BundleManifest.File content = manifest.file(BundleManifest.Role.CONTENT);
    try (SealedMemory memory = SealedMemory.create("redoubt-content")) {
      bundle.copyContentTo(memory);
      return new EngineContent(
          manifest.name(),
          manifest.contentVersion(),
          trust,
          content.sha256(),
          content.sizeBytes(),
          memory.seal(),
          Optional.empty());
    }
  }

  /// The same for an engine that came as a bundle.
  public EngineContent withProgram(EngineManifest manifest) {
    return new EngineContent(
        name, version, trust, sha256, sizeBytes, descriptor, Optional.of(manifest));
  }

  /// Whether an engine that has one in place of the other is another engine, as far as what it does
  /// goes.
  public boolean isOtherThan(EngineContent before) {
    return !before.sha256.equals(sha256) || !before.program.equals(program);
  }

  /// What hands it over to an engine; the descriptor goes with it.
  public AgentMessage.LoadContent message() {
    return new AgentMessage.LoadContent(name, version, sha256, sizeBytes);
  }
}
