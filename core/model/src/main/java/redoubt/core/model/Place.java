package redoubt.core.model;

/// Where in a value a text is sought.
public enum Place {
  /// The text is the value.
  WHOLE,
  /// The text stands somewhere in the value.
  ANYWHERE,
  /// The value begins with the text.
  START,
  /// The value ends with the text.
  END
}
