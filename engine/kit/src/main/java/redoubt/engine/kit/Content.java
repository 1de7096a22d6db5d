package redoubt.engine.kit;

import redoubt.core.model.Sha256;

/// Content to load: rules, signatures, lists. Verified by the platform before it came here.
///
/// Its bytes cannot change and stay readable for as long as anybody holds on to this object, so an
/// engine may leave in them what it needs seldom.
///
/// @param name the content's name, for people
/// @param version the content's version
/// @param sha256 the digest of the bytes
/// @param bytes the payload
public record Content(String name, String version, Sha256 sha256, FileContent bytes) {}
