package redoubt.testing.conformance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import redoubt.core.wire.EngineMessage.Hello;
import redoubt.core.wire.WireLimits;
import redoubt.testing.conformance.Result.Status;

/// What a vendor publishes: who was checked, against what, with which result.
///
/// @param hello who the engine says it is
/// @param seed repeats the run
/// @param at when it ended
record Report(Hello hello, long seed, Instant at, List<Result> results) {
  private static final int ID_WIDTH = 32;

  Report {
    results = List.copyOf(results);
  }

  /// Whether nothing failed that was not expected to, and nothing passed that was.
  boolean good() {
    return results.stream().allMatch(result -> result.status().good());
  }

  /// The report for people.
  String text() {
    StringBuilder text = new StringBuilder(4096);
    text.append("Engine protocol conformance, version ")
        .append(WireLimits.PROTOCOL_VERSION)
        .append("\nengine   ")
        .append(printable(hello.name() + " " + hello.engineVersion() + ", " + hello.vendor()))
        .append("\nversions ")
        .append(hello.oldestVersion() + " to " + hello.newestVersion())
        .append("\nschema   ")
        .append(hello.schemaHash().isEmpty() ? "takes no content" : hello.schemaHash())
        .append("\ndate     ")
        .append(at.truncatedTo(ChronoUnit.SECONDS))
        .append("\nseed     ")
        .append(seed)
        .append("\n\n");
    results.forEach(result -> text.append(line(result)).append('\n'));
    return text.append('\n').append(summary()).append('\n').toString();
  }

  /// One check's line.
  static String line(Result result) {
    Check check = result.check();
    String first =
        String.format(
            Locale.ROOT,
            "%-5s %-" + ID_WIDTH + "s %s [%s]",
            result.status(),
            check.id(),
            check.claim(),
            check.section());
    return result.detail().isEmpty() ? first : first + "\n        " + printable(result.detail());
  }

  /// How many ended how.
  String summary() {
    String counts =
        Arrays.stream(Status.values())
            .map(status -> count(status) + " " + status)
            .collect(Collectors.joining(", "));
    return (good() ? "conforms: " : "does not conform: ") + counts;
  }

  /// The report for programs: one JSON value.
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      out.writeStartObject();
      out.writeNumberField("protocolVersion", WireLimits.PROTOCOL_VERSION);
      out.writeStringField("engine", hello.name());
      out.writeStringField("vendor", hello.vendor());
      out.writeStringField("engineVersion", hello.engineVersion());
      out.writeStringField("schemaHash", hello.schemaHash());
      out.writeStringField("date", at.truncatedTo(ChronoUnit.SECONDS).toString());
      out.writeNumberField("seed", seed);
      out.writeBooleanField("conforms", good());
      out.writeArrayFieldStart("checks");
      for (Result result : results) {
        write(out, result);
      }
      out.writeEndArray();
      out.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, Result result) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", result.check().id());
    out.writeStringField("section", result.check().section());
    out.writeStringField("claim", result.check().claim());
    out.writeStringField("status", result.status().name());
    out.writeStringField("detail", result.detail());
    out.writeNumberField("millis", result.millis());
    out.writeEndObject();
  }

  private long count(Status status) {
    return results.stream().filter(result -> result.status() == status).count();
  }

  /// Engines are not believed to write nothing but text.
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
