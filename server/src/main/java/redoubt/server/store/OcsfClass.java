package redoubt.server.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// The class of an OCSF event. Stateless.
final class OcsfClass {
  /// A detection finding.
  static final int FINDING = 2004;

  /// A file that was opened, which somebody decided on.
  static final int FILE = 1001;

  /// A program that was started, which somebody decided on.
  static final int PROCESS = 1007;

  /// That of a line that is no event.
  static final int UNKNOWN = 0;

  private static final JsonFactory JSON = new JsonFactory();

  private OcsfClass() {}

  static int of(String line) {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return UNKNOWN;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isClass = parser.currentName().equals("class_uid");
        JsonToken value = parser.nextToken();
        if (isClass) {
          return value == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : UNKNOWN;
        }
        parser.skipChildren();
      }
      return UNKNOWN;
    } catch (IOException _) {
      return UNKNOWN; // It is kept as it came.
    }
  }
}
