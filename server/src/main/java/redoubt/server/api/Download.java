package redoubt.server.api;

import redoubt.core.model.Octets;

/// A file in an answer. Immutable.
///
/// @param type its media type
/// @param name what it is called where it is kept
record Download(String type, String name, Octets content) {}
