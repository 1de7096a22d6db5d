package redoubt.agent.engine;

import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.EngineRights;

/// An engine that is to run.
///
/// @param manifest what it is
/// @param rights what it may
public record Registration(EngineManifest manifest, EngineRights rights) {}
