package redoubt.engine.sigma.rule;

/// A place in a file.
///
/// @param file as the reader was told it
/// @param line 1 or more
public record Origin(String file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
