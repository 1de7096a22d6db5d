package redoubt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.agent.admission.AdmissionReport;
import redoubt.agent.admission.Lint;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.slot.ReleaseTrial;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.PlatformRelease;
import redoubt.core.content.ProgramFolder;
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
    EngineId id = bundle.manifest().engine();
    try {
      if (id.equals(PlatformRelease.ENGINE)) {
        return platform(bundle);
      }
      Optional<EngineId> released = id.released();
      return released.isPresent() ? release(bundle, released.get()) : vectors(bundle, engineOf(id));
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the bundle cannot be tried: file=" + bundle.file() + " error=" + e.getMessage(),
          "see what the engine printed above; redoubt doctor says whether engines can be confined");
    } finally {
      progress.clear();
    }
  }

  private AdmissionReport vectors(BundleFile bundle, EngineManifest manifest) throws IOException {
    return Lint.run(
        bundle,
        manifest,
        session.directories().home(),
        done -> {
          if (progress.isDue()) {
            progress.show("vectors: " + done);
          }
        });
  }

  /// With the engine that is in the bundle.
  private AdmissionReport release(BundleFile bundle, EngineId released) throws IOException {
    Path parent = Files.createTempDirectory("redoubt-engine-");
    Path folder = parent.resolve(released.value());
    try {
      ProgramFolder.bring(bundle, folder);
      return vectors(
          bundle,
          EngineManifest.ofRelease(
              folder,
              released,
              Optional.empty(),
              Session.javaProgram(),
              session.directories().home()));
    } catch (IllegalArgumentException e) {
      return refused(AdmissionReport.Step.ENGINE, String.valueOf(e.getMessage()));
    } catch (ContentException e) {
      return refused(AdmissionReport.Step.BUNDLE, String.valueOf(e.getMessage()));
    } finally {
      ProgramFolder.clear(parent, Set.of());
      Files.deleteIfExists(parent);
    }
  }

  private static AdmissionReport refused(AdmissionReport.Step step, String why) {
    return report(List.of(new AdmissionReport.Problem(step, why)), 0);
  }

  /// Of what no vector was put to.
  private static AdmissionReport report(List<AdmissionReport.Problem> problems, long wallMillis) {
    AdmissionReport.Costs costs = new AdmissionReport.Costs(0, 0, wallMillis, 0);
    return new AdmissionReport(problems, "", 0, 0, 0, costs);
  }

  private AdmissionReport platform(BundleFile bundle) throws IOException {
    progress.show("making it ready, and having it protect a file system of its own");
    long begun = System.nanoTime();
    List<AdmissionReport.Problem> problems =
        ReleaseTrial.run(bundle, session.directories().home()).stream()
            .map(why -> new AdmissionReport.Problem(AdmissionReport.Step.LOAD, why))
            .toList();
    return report(problems, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
  }

  private EngineManifest engineOf(EngineId id) {
    if (engine != null) {
      return named(engine);
    }
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
    try {
      return EngineManifest.read(file, Session.javaProgram(), session.directories().home());
    } catch (IllegalArgumentException | IOException e) {
      throw new Problem(
          ExitCode.USAGE, Printable.of(String.valueOf(e.getMessage())), "name another manifest");
    }
  }
}
