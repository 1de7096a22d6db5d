package redoubt.agent.netfilter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.HashMap;
import java.util.LongSummaryStatistics;
import java.util.Map;

/// The numbers in what `nft -j` says, by the names of their fields, wherever they stand. Stateless.
public final class NftNumbers {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_NESTING = 64;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(MAX_BYTES)
                  .maxNestingDepth(MAX_NESTING)
                  .build())
          .build();

  private NftNumbers() {}

  /// Reads them.
  ///
  /// @return none for a field that is not there
  /// @throws IOException if the text is no JSON, or too long
  public static Map<String, LongSummaryStatistics> of(String text) throws IOException {
    Map<String, LongSummaryStatistics> numbers = new HashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      String field = "";
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          field = json.currentName();
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
          numbers
              .computeIfAbsent(field, _ -> new LongSummaryStatistics())
              .accept(json.getLongValue());
        }
      }
    }
    return numbers;
  }
}
