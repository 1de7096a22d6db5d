package redoubt.agent.engine;

import redoubt.core.model.Sha256;

/// Verified content for an engine, ready to be handed over.
///
/// @param name for people
/// @param version what verdicts will name
/// @param trust who vouches for it, for people
/// @param sha256 the payload's digest
/// @param sizeBytes the payload's size
/// @param descriptor sealed memory that holds the payload; open as long as the agent runs
public record EngineContent(
    String name, String version, String trust, Sha256 sha256, long sizeBytes, int descriptor) {}
