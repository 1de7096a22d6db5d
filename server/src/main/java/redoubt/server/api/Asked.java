package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;
import redoubt.server.store.Operator;

/// What somebody has asked for who may.
///
/// @param operator who
record Asked(ServerRequest request, Operator operator) {
  private static final int MOST_ENTRIES = 1_000;
  private static final int USUAL_ENTRIES = 100;

  /// The name of who asks, for the audit.
  String by() {
    return operator.name();
  }

  /// Its body.
  ///
  /// @throws IllegalArgumentException if it is no JSON object
  JsonNode body() {
    return Body.of(request);
  }

  /// A part of its path.
  String part(String name) {
    return request.path().pathParameters().get(name);
  }

  /// How many entries are wanted at most.
  ///
  /// @throws IllegalArgumentException if that is out of range
  int most() {
    return number("most", 1, MOST_ENTRIES, USUAL_ENTRIES);
  }

  /// A number of its query.
  ///
  /// @throws IllegalArgumentException if it is none, or out of range
  int number(String name, int least, int most, int usual) {
    Optional<String> text = request.query().first(name).asOptional();
    int value = text.map(Integer::parseInt).orElse(usual);
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "out of range: " + name + "=" + value + " least=" + least + " most=" + most);
    }
    return value;
  }

  /// As [#number], of any size; without one it is as large as can be.
  long longNumber(String name) {
    return request.query().first(name).asOptional().map(Long::parseLong).orElse(Long.MAX_VALUE);
  }
}
