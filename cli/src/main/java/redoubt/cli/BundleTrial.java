package redoubt.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import redoubt.agent.admission.AdmissionReport;
import redoubt.agent.admission.Lint;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.model.EngineId;

/// Tries bundles as a host does that is to admit them.
///
/// @param engine the manifest of the engine to try them with; null for the one on this host that
///   each is for
/// @param progress shows how far it has come
record BundleTrial(Session session, @Nullable Path engine, ProgressLine progress) {
  /// Tries one; root alone can.
  ///
  /// @throws Problem if it cannot be tried
  AdmissionReport run(BundleFile bundle) {
    EngineManifest manifest = engineOf(bundle);
    try {
      return Lint.run(
          bundle,
          manifest,
          session.directories().home(),
          done -> {
            if (progress.isDue()) {
              progress.show("vectors: " + done);
            }
          });
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the bundle cannot be tried: file=" + bundle.file() + " error=" + e.getMessage(),
          "see what the engine printed above; redoubt doctor says whether engines can be confined");
    } finally {
      progress.clear();
    }
  }

  private EngineManifest engineOf(BundleFile bundle) {
    if (engine != null) {
      return named(engine);
    }
    EngineId id = bundle.manifest().engine();
    try {
      return session
          .register()
          .find(id)
          .orElseThrow(() ->
              new Problem(
                  ExitCode.NO,
                  "this host has no such engine: engine=" + id,
                  "name its manifest: --engine MANIFEST"))
          .manifest();
    } catch (PolicyException e) {
      throw PolicyChanges.problem(e);
    }
  }

  private EngineManifest named(Path file) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    try {
      return EngineManifest.read(file, java, session.directories().home());
    } catch (IllegalArgumentException | IOException e) {
      throw new Problem(
          ExitCode.USAGE, Printable.of(String.valueOf(e.getMessage())), "name another manifest");
    }
  }
}
