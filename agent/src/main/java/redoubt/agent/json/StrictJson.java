package redoubt.agent.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Steps of a reader that takes nothing but what it expects: no unknown, repeated or converted
/// values, within limits. Stateless.
public final class StrictJson {
  private static final int MAX_NESTING = 5;
  private static final int MAX_NAME_CHARS = 64;
  private static final int MAX_NUMBER_CHARS = 20;

  private StrictJson() {}

  /// Makes parsers that refuse repeated names and whatever is beyond the limits; safe for every
  /// thread.
  public static JsonFactory factory(int maxBytes, int maxTextChars) {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxStringLength(maxTextChars)
                .maxNameLength(MAX_NAME_CHARS)
                .maxNumberLength(MAX_NUMBER_CHARS)
                .maxNestingDepth(MAX_NESTING)
                .maxDocumentLength(maxBytes)
                .build())
        .build();
  }

  /// The whole number that the parser stands at.
  ///
  /// @throws IOException if it stands at something else
  public static long readNumber(JsonParser json) throws IOException {
    require(json, json.currentToken(), JsonToken.VALUE_NUMBER_INT);
    return json.getLongValue();
  }

  /// The text that the parser stands at.
  ///
  /// @throws IOException if it stands at something else
  public static String readText(JsonParser json) throws IOException {
    require(json, json.currentToken(), JsonToken.VALUE_STRING);
    return json.getText();
  }

  /// The truth value that the parser stands at.
  ///
  /// @throws IOException if it stands at something else
  public static boolean readFlag(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_FALSE) {
      return false;
    }
    require(json, json.currentToken(), JsonToken.VALUE_TRUE);
    return true;
  }

  /// Insists on a token.
  ///
  /// @throws IOException if it is another
  public static void require(JsonParser json, @Nullable JsonToken found, JsonToken wanted)
      throws IOException {
    if (found != wanted) {
      throw invalid(json, "unexpected JSON: wanted=" + wanted + " found=" + found);
    }
  }

  /// Insists on the end of the text.
  ///
  /// @throws IOException if something follows
  public static void requireEnd(JsonParser json) throws IOException {
    if (json.nextToken() != null) {
      throw invalid(json, "text after the end");
    }
  }

  /// An error that says where.
  public static IOException invalid(JsonParser json, String problem) {
    return new IOException(problem + " line=" + json.currentLocation().getLineNr());
  }
}
