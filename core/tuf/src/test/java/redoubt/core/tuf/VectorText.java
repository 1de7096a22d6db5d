package redoubt.core.tuf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/// Writes a vector for people to read. Stateless.
final class VectorText {
  private VectorText() {}

  static String of(Json vector) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
      write(json, vector);
    }
    return text + "\n";
  }

  private static void write(JsonGenerator json, Json value) throws IOException {
    switch (value) {
      case Json.Text(String text) -> json.writeString(text);
      case Json.Whole(long whole) -> json.writeNumber(whole);
      case Json.Flag(boolean flag) -> json.writeBoolean(flag);
      case Json.Nothing _ -> json.writeNull();
      case Json.Items items -> {
        json.writeStartArray();
        for (Json item : items.values()) {
          write(json, item);
        }
        json.writeEndArray();
      }
      case Json.Members members -> {
        json.writeStartObject();
        for (Map.Entry<String, Json> member : members.values().entrySet()) {
          json.writeFieldName(member.getKey());
          write(json, member.getValue());
        }
        json.writeEndObject();
      }
    }
  }
}
