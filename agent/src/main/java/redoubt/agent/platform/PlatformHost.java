package redoubt.agent.platform;

import java.util.List;
import java.util.Optional;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;

/// What the agent that runs lets the desk of releases see and do. Thread-safe.
public interface PlatformHost {
  /// The engines that are ready, by their ids.
  List<String> readyEngines();

  /// Why no other release may take this one's place now, if something is in the way.
  Optional<String> objection();

  /// Whether a release that was tried may come into force now; asked again until it may.
  boolean mayActivate(EngineId id, Release release);

  /// A release lies ready: what runs lets nobody deny its files from now on.
  void protectReleases();

  /// Ends this agent in order, so that the supervisor starts the one that is to run now.
  ///
  /// @param reason for the operator
  void restart(String reason);
}
