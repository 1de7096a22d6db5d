package redoubt.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.agent.admission.AdmissionReport;
import redoubt.agent.admission.Lint;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.slot.ReleaseTrial;
import redoubt.core.content.BundleFile;
import redoubt.core.content.PlatformRelease;
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
    boolean isRelease = bundle.manifest().engine().equals(PlatformRelease.ENGINE);
    EngineManifest manifest = isRelease ? null : engineOf(bundle);
    try {
      return manifest == null
          ? release(bundle)
          : Lint.run(
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

  private AdmissionReport release(BundleFile bundle) throws IOException {
    progress.show("making it ready, and having it protect a file system of its own");
    long begun = System.nanoTime();
    List<AdmissionReport.Problem> problems =
        ReleaseTrial.run(bundle, session.directories().home()).stream()
            .map(why -> new AdmissionReport.Problem(AdmissionReport.Step.LOAD, why))
            .toList();
    long wall = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    return new AdmissionReport(problems, "", 0, 0, 0, new AdmissionReport.Costs(0, 0, wall, 0));
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
