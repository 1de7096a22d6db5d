package redoubt.engine.kit;

import redoubt.core.model.Sha256;

/// Content to load: rules, signatures, lists. Verified by the platform before it came here.
///
/// Its bytes cannot change and stay readable for as long as the engine judges with it, so an engine
/// may leave in them what it needs seldom. Reading ends when the content was refused, and when
/// other content was taken and the judgements that began before are over.
///
/// @param name the content's name, for people
/// @param version the content's version
/// @param sha256 the digest of the bytes
/// @param bytes the payload
public record Content(String name, String version, Sha256 sha256, FileContent bytes) {}
