package redoubt.core.model;

/// For what else a verdict stands, as its engine declares; it bounds what may be cached.
public enum VerdictScope {
  /// For this event only: never cached.
  EVENT,
  /// For this content of this file, whoever asks.
  FILE,
  /// For this content of this file when the same user asks from the same image.
  FILE_AND_ACTOR
}
