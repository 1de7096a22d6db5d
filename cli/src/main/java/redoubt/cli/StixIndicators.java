package redoubt.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Indicators of STIX 2.1, out of bundles and out of the envelopes of TAXII 2.1, which both have
/// them in `objects`, as lists of digests and addresses. For one thread.
final class StixIndicators {
  private static final int MOST_TEXT_CHARS = 1 << 20;
  private static final int MOST_DEPTH = 64;
  private static final int MOST_NAME_CHARS = 200;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(MOST_TEXT_CHARS)
                          .maxNestingDepth(MOST_DEPTH)
                          .build())
                  .build())
          .build();

  private final Instant now;
  private final Map<String, String> digests = new TreeMap<>();
  private final Map<String, @Nullable Instant> addresses = new TreeMap<>();
  private final Map<Left, Integer> left = new EnumMap<>(Left.class);
  private int taken;

  /// Why an indicator is in no list.
  enum Left {
    /// Its author took it back.
    REVOKED,
    /// It is not meant any more, or not yet.
    OUT_OF_DATE,
    /// Its pattern is in another language: YARA, Sigma, Snort.
    ANOTHER_LANGUAGE,
    /// It means more than a digest or an address.
    OTHER_PATTERN
  }

  /// @param now what is meant at this time is taken
  StixIndicators(Instant now) {
    this.now = now;
  }

  /// Takes the indicators of a file.
  ///
  /// @throws IOException if it is no JSON with `objects`
  void read(InputStream file) throws IOException {
    try (JsonParser json = JSON.createParser(file)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no bundle and no envelope: it does not begin with {");
      }
      boolean found = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean objects = json.currentName().equals("objects");
        if (json.nextToken() == JsonToken.START_ARRAY && objects) {
          found = true;
          while (json.nextToken() == JsonToken.START_OBJECT) {
            take(JSON.readTree(json));
          }
        } else {
          json.skipChildren();
        }
      }
      if (!found) {
        throw new IOException("no bundle and no envelope: it has no objects");
      }
    }
  }

  private void take(JsonNode object) {
    if (!object.path("type").asText().equals("indicator")) {
      return;
    }
    if (object.path("revoked").asBoolean()) {
      leave(Left.REVOKED);
      return;
    }
    Instant from = time(object, "valid_from");
    Instant until = time(object, "valid_until");
    if ((from != null && from.isAfter(now)) || (until != null && !until.isAfter(now))) {
      leave(Left.OUT_OF_DATE);
      return;
    }
    if (!object.path("pattern_type").asText("stix").equals("stix")) {
      leave(Left.ANOTHER_LANGUAGE);
      return;
    }
    StixPattern pattern = StixPattern.read(object.path("pattern").asText()).orElse(null);
    if (pattern == null || (pattern.digests().isEmpty() && pattern.addresses().isEmpty())) {
      leave(Left.OTHER_PATTERN);
      return;
    }
    taken++;
    String name = name(object);
    pattern.digests().forEach(digest -> digests.putIfAbsent(digest, name));
    // Who says that it has no end says more than who gives it one.
    pattern
        .addresses()
        .forEach(address -> {
          Instant before = addresses.get(address);
          boolean isNew = !addresses.containsKey(address);
          if (isNew || (before != null && (until == null || until.isAfter(before)))) {
            addresses.put(address, until);
          }
        });
  }

  private void leave(Left why) {
    left.merge(why, 1, Integer::sum);
  }

  private static @Nullable Instant time(JsonNode object, String member) {
    String text = object.path(member).asText();
    try {
      return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      return null;
    }
  }

  /// As a list of digests has names: one line, for people.
  private static String name(JsonNode object) {
    String name = object.path("name").asText().strip();
    String text = name.isEmpty() ? object.path("id").asText() : name;
    String line = Printable.of(text).replaceAll("\\s+", " ").strip();
    return line.length() <= MOST_NAME_CHARS ? line : line.substring(0, MOST_NAME_CHARS);
  }

  /// Names by digests in hexadecimal.
  Map<String, String> digests() {
    return digests;
  }

  /// Until when an address is meant, by addresses; null if that has no end.
  Map<String, @Nullable Instant> addresses() {
    return addresses;
  }

  /// How many indicators are in the lists.
  int taken() {
    return taken;
  }

  /// How many are not, by why.
  Map<Left, Integer> left() {
    return left;
  }
}
