package redoubt.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;

/// The bodies of requests: JSON objects. Stateless.
final class Body {
  private Body() {}

  /// Reads one; none is an empty one.
  ///
  /// @throws IllegalArgumentException if it is none
  static JsonNode of(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return Answers.object();
    }
    byte[] bytes = request.content().as(byte[].class);
    try {
      JsonNode body = bytes.length == 0 ? Answers.object() : Answers.JSON.readTree(bytes);
      if (!body.isObject()) {
        throw new IllegalArgumentException("the body is no JSON object");
      }
      return body;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the body cannot be read", e);
    }
  }

  /// A text in it.
  ///
  /// @param usual what it is if it is not there
  static String text(JsonNode body, String field, String usual) {
    return body.path(field).isMissingNode() ? usual : text(body, field);
  }

  /// A text that must be in it.
  static String text(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("is no text: field=" + field);
    }
    return value.asText();
  }
}
