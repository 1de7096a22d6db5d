package redoubt.core.tuf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads JSON in the one way in which everybody reads it: UTF-8 without a mark, no repeated names,
/// no fractions, no lone surrogates, within limits. Stateless.
public final class JsonReader {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NAME_CHARS = 4096;
  private static final int MAX_TEXT_CHARS = 128 * 1024;
  private static final int MAX_NUMBER_CHARS = 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MAX_TEXT_CHARS)
                  .maxNameLength(MAX_NAME_CHARS)
                  .maxNumberLength(MAX_NUMBER_CHARS)
                  .maxNestingDepth(MAX_DEPTH)
                  .build())
          .build();

  private JsonReader() {}

  /// Reads one object that fills the whole text.
  ///
  /// @throws TufException if it is no such text
  public static Json.Members read(byte[] bytes) throws TufException {
    String text = decode(bytes);
    try (JsonParser json = FACTORY.createParser(text)) {
      Json value = value(json, json.nextToken());
      if (json.nextToken() != null) {
        throw TufException.malformed("text after the end");
      }
      if (value instanceof Json.Members members) {
        return members;
      }
      throw TufException.malformed("not a JSON object");
    } catch (IOException e) {
      throw TufException.malformed("not JSON: error=" + firstLine(e));
    }
  }

  // Jackson would otherwise guess UTF-16 and UTF-32 from the first bytes.
  private static String decode(byte[] bytes) throws TufException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw TufException.malformed("not UTF-8");
    }
  }

  private static Json value(JsonParser json, @Nullable JsonToken token)
      throws IOException, TufException {
    return switch (token) {
      case START_OBJECT -> members(json);
      case START_ARRAY -> items(json);
      case VALUE_STRING -> new Json.Text(sound(json.getText()));
      case VALUE_NUMBER_INT -> new Json.Whole(json.getLongValue());
      case VALUE_TRUE -> new Json.Flag(true);
      case VALUE_FALSE -> new Json.Flag(false);
      case VALUE_NULL -> new Json.Nothing();
      case null, default -> throw TufException.malformed("unexpected JSON: token=" + token);
    };
  }

  private static Json members(JsonParser json) throws IOException, TufException {
    Map<String, Json> values = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = sound(json.currentName());
      values.put(name, value(json, json.nextToken()));
    }
    return new Json.Members(values);
  }

  private static Json items(JsonParser json) throws IOException, TufException {
    List<Json> values = new ArrayList<>();
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      values.add(value(json, token));
    }
    return new Json.Items(values);
  }

  private static String sound(String text) throws TufException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw TufException.malformed("half a character in a text");
    }
    return text;
  }

  private static String firstLine(IOException problem) {
    return String.valueOf(problem.getMessage()).lines().findFirst().orElse("");
  }
}
