package redoubt.engine.sigma.rule;

/// The names of fields.
public final class FieldName {
  private FieldName() {}

  /// The name as rules and events have it in common: without spaces, capitals kept.
  public static String of(String written) {
    return written.indexOf(' ') < 0 ? written : written.replace(" ", "");
  }
}
