package redoubt.engine.clamav;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What clamd says of a file (`clamd(8)`, command FILDES).
sealed interface ClamdAnswer {
  /// Nothing was found.
  record Clean() implements ClamdAnswer {}

  /// A signature was found.
  ///
  /// @param signature its name
  record Found(String signature) implements ClamdAnswer {}

  /// The file was not looked at, or not all of it.
  ///
  /// @param why in clamd's words
  record Unknown(String why) implements ClamdAnswer {}

  /// Under this name clamd tells, if it is told to (`AlertExceedsMax`), that it gave up.
  String LIMITS = "Heuristics.Limits.Exceeded";

  Pattern ANSWER = Pattern.compile("fd\\[-?\\d{1,10}]: (.*)", Pattern.DOTALL);

  /// Reads an answer: `fd[10]: OK`, `fd[10]: NAME FOUND`, or a text that ends in `ERROR`.
  ///
  /// @param line without the zero at its end
  static ClamdAnswer of(String line) {
    Matcher answer = ANSWER.matcher(line.strip());
    if (!answer.matches()) {
      return new Unknown(line.isBlank() ? "an empty answer" : line.strip());
    }
    String said = answer.group(1);
    if (said.equals("OK")) {
      return new Clean();
    }
    if (said.endsWith(" FOUND")) {
      String signature = said.substring(0, said.length() - " FOUND".length()).strip();
      return signature.startsWith(LIMITS) ? new Unknown(signature) : new Found(signature);
    }
    return new Unknown(said);
  }
}
