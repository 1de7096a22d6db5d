package redoubt.agent.registry;

import java.time.Instant;
import redoubt.core.model.EngineId;

/// What the owner decided about one engine.
///
/// @param engine the engine
/// @param rights what it may, as far as it asks for it
/// @param by the user who decided
/// @param at when
public record Grant(EngineId engine, EngineRights rights, int by, Instant at) {}
