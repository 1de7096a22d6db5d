package redoubt.agent.activation;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import redoubt.agent.admission.AdmissionReport;
import redoubt.agent.admission.Backtest;
import redoubt.agent.admission.HostPast;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.EngineTrial;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.wire.ControlReply;

/// What carries out what a [ContentDesk] decides. For several threads at a time.
public interface ActivationHost {
  /// The manifest of an engine of this host.
  Optional<EngineManifest> manifest(EngineId engine);

  /// The manifest of an engine that came as a bundle, whose files are where they belong.
  ///
  /// @throws ContentException if that is none that this host can run
  /// @throws IOException if it cannot be read
  EngineManifest released(EngineId engine, Release release) throws IOException, ContentException;

  /// Why no releases of an engine are taken here; empty if they are.
  Optional<String> objectionToReleases(EngineId engine);

  /// Whether an engine is registered on this host's disk, whether it runs or not.
  boolean isRegistered(EngineId engine);

  /// Whether an engine is among those that run.
  boolean runs(EngineId engine);

  /// Starts an engine that was waiting for content, with what is in force for it; blocks until it
  /// judges or it is known that it does not.
  ///
  /// @return why it does not; empty if it does
  Optional<String> start(EngineId engine);

  /// Tries a bundle; blocks.
  ///
  /// @throws IOException if it cannot be tried, which is no fault of its own
  AdmissionReport admit(BundleFile bundle, EngineManifest engine) throws IOException;

  /// What this host has and what happened on it, as far as an engine asks to hear of it; to be
  /// closed.
  ///
  /// @throws IOException if it cannot be read
  HostPast past(EngineManifest engine) throws IOException;

  /// Puts a past to an engine with a bundle; blocks.
  ///
  /// @param ahead how far the engine's clock is ahead
  /// @throws IOException if that cannot be done, which is no fault of the bundle's
  Backtest.Shown backtest(BundleFile bundle, EngineManifest engine, HostPast past, Duration ahead)
      throws IOException;

  /// Starts a process with other content beside the one that judges.
  ///
  /// @return nothing if the engine does not run
  Optional<EngineTrial> beginTrial(EngineId engine, EngineContent content);

  /// Has an engine judge with other content; blocks until it does or it is known that it will not.
  ///
  /// @param urgent whether what it judges with now is bad
  /// @return why it was not done; empty if it was
  Optional<String> handOver(EngineId engine, EngineContent content, boolean urgent);

  /// Has an engine judge no more.
  void withdraw(EngineId engine);

  /// Has an engine end that is not registered any more.
  void end(EngineId engine);

  /// Whether a bundle that was tried may come into force now. Of one that may not, this is asked
  /// again every few seconds, from any thread.
  ///
  /// @param id whose bundle: an engine's, or that of its releases
  boolean mayActivate(EngineId id, Release release);

  /// Why an engine takes no bundles now; empty if it does.
  Optional<String> objection(EngineId engine);

  /// What an engine has without any bundle.
  Optional<EngineContent> other(EngineId engine);

  /// What engines have done up to now.
  List<ControlReply.Engine> figures();

  /// What one engine has done up to now; nothing if it does not run.
  default Optional<ControlReply.Engine> figures(EngineId engine) {
    return figures().stream().filter(each -> each.id().equals(engine.value())).findFirst();
  }
}
