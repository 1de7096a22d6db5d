package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndicatorsCommandTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SHA_256 = "ab".repeat(32);
  private static final String MD5 = "cd".repeat(16);

  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void makeHost() throws IOException {
    host = new CommandHost(temporary);
  }

  private static ObjectNode indicator(String name, String pattern) {
    ObjectNode node = JSON.createObjectNode();
    node.put("type", "indicator").put("id", "indicator--1").put("name", name);
    node.put("pattern_type", "stix").put("pattern", pattern);
    node.put("valid_from", "2026-01-01T00:00:00Z");
    return node;
  }

  private Path bundle(ObjectNode... objects) throws IOException {
    ObjectNode bundle = JSON.createObjectNode();
    bundle.put("type", "bundle").put("id", "bundle--1");
    // What is no indicator is passed over, whatever it looks like.
    bundle.putArray("objects").addObject().put("type", "malware").put("pattern", "[x:y = 'z']");
    for (ObjectNode object : objects) {
      bundle.withArray("objects").add(object);
    }
    return Files.writeString(temporary.resolve("bundle.json"), bundle.toString());
  }

  @Test
  void digestsAndAddressesBecomeLists() throws Exception {
    Path bundle =
        bundle(
            indicator("Emotet\ndropper", "[file:hashes.'SHA-256' = '" + SHA_256 + "']"),
            indicator(
                "old", "[file:hashes.MD5 = '" + MD5.toUpperCase(java.util.Locale.ROOT) + "']"),
            indicator(
                "c2", "[ipv4-addr:value = '198.51.100.7' OR ipv6-addr:value = '2001:db8::7']"),
            indicator("nets", "[ipv4-addr:value IN ('203.0.113.0/24', '192.0.2.9')]")
                .put("valid_until", "2027-01-01T00:00:00Z"));
    Path hashes = temporary.resolve("out.hashes");
    Path addresses = temporary.resolve("out.addresses");
    CommandHost.Result result =
        host.run(
            "indicators",
            bundle.toString(),
            "--hashes",
            hashes.toString(),
            "--addresses",
            addresses.toString());
    assertEquals(ExitCode.OK, result.status(), result.err());
    assertEquals("4 indicators taken: 2 digests, 4 addresses\n", result.out());
    assertEquals(
        List.of("# from indicators in STIX", SHA_256 + " Emotet\\u{a}dropper", MD5 + " old"),
        Files.readAllLines(hashes));
    assertEquals(
        List.of(
            "# from indicators in STIX",
            "192.0.2.9 2027-01-01T00:00:00Z",
            "198.51.100.7",
            "2001:db8::7",
            "203.0.113.0/24 2027-01-01T00:00:00Z"),
        Files.readAllLines(addresses));
  }

  @Test
  void whatAListCannotSayIsCountedAndLeft() throws Exception {
    String hash = "[file:hashes.'SHA-256' = '" + SHA_256 + "']";
    Path bundle =
        bundle(
            indicator("revoked", hash).put("revoked", true),
            indicator("past", hash).put("valid_until", "2026-02-01T00:00:00Z"),
            indicator("future", hash).put("valid_from", "2027-01-01T00:00:00Z"),
            indicator("yara", "rule x {}").put("pattern_type", "yara"),
            indicator("domain", "[domain-name:value = 'example.com']"),
            indicator("itself", "[ipv4-addr:value = '127.0.0.1']"));
    CommandHost.Result result =
        host.run(
            "indicators",
            bundle.toString(),
            "--json",
            "--hashes",
            temporary.resolve("none").toString());
    assertEquals(ExitCode.NO, result.status());
    JsonNode said = result.json();
    assertEquals(0, said.path("taken").asInt());
    assertEquals(1, said.at("/left/revoked").asInt());
    assertEquals(2, said.at("/left/out-of-date").asInt());
    assertEquals(1, said.at("/left/another-language").asInt());
    assertEquals(2, said.at("/left/other-pattern").asInt());
    assertFalse(Files.exists(temporary.resolve("none")), "an empty list takes nobody's place");
  }

  @Test
  void whatIsNoBundleIsToldInWords() throws Exception {
    for (String text : List.of("", "[]", "{", "{}", "{\"objects\": {}}", "<xml/>")) {
      Path file = Files.writeString(temporary.resolve("x.json"), text);
      CommandHost.Result result = host.run("indicators", file.toString(), "--hashes", "/tmp/x");
      assertEquals(ExitCode.USAGE, result.status(), text);
      assertTrue(result.err().contains("cannot be read: file=" + file), result.err());
    }
    assertEquals(ExitCode.USAGE, host.run("indicators", "/nowhere").status());
  }

  @Test
  void anEnvelopeOfTaxiiIsReadAlike() throws Exception {
    ObjectNode envelope = JSON.createObjectNode().put("more", false);
    envelope.putArray("objects").add(indicator("x", "[file:hashes.MD5='" + MD5 + "']"));
    Path file = Files.writeString(temporary.resolve("page.json"), envelope.toString());
    Path list = temporary.resolve("list");
    assertEquals(
        ExitCode.OK, host.run("indicators", file.toString(), "--hashes", list.toString()).status());
    assertTrue(Files.readString(list).contains(MD5 + " x"));
  }

  @Test
  void patternsMeanWhatTheyMean() {
    String sha = "file:hashes.'SHA-256' = '" + SHA_256 + "'";
    String md5 = "file:hashes.MD5 = '" + MD5 + "'";
    assertEquals(2, digests("[" + sha + " OR " + md5 + "]"));
    // Both at once is one file: the stronger digest says it.
    assertEquals(1, digests("[" + md5 + " AND " + sha + "]"));
    assertEquals(1, digests("[file:hashes.\"SHA-256\"='" + SHA_256 + "']"));
    for (String other :
        List.of(
            "[" + sha + " AND file:name = 'x']",
            "[" + sha + " AND ipv4-addr:value = '192.0.2.1']",
            "[" + sha + " OR " + md5 + " AND " + sha + "]",
            "[" + sha + "] FOLLOWEDBY [" + md5 + "]",
            "[" + sha + "] WITHIN 5 SECONDS",
            "[NOT " + sha + "]",
            "[file:hashes.'SHA-256' != '" + SHA_256 + "']",
            "[file:hashes.'SHA-256' LIKE 'ab%']",
            "[file:hashes.'SHA-256' = 'abc']",
            "[file:hashes.'SHA-512' = '" + SHA_256 + SHA_256 + "']",
            "[ipv4-addr:value = '0.0.0.0/0']",
            "[ipv4-addr:value = '10.0.0.0/4']",
            "[ipv4-addr:value = '::ffff:198.51.100.1']",
            "[ipv4-addr:value = '198.51.1']",
            "[ipv4-addr:value = '3325256705']",
            "[ipv4-addr:value = '192.0.2.1/24']",
            "[ipv6-addr:value = '2001:db8::/129']",
            "[ipv4-addr:value = 'localhost']",
            "[ipv6-addr:value = 'fe80::1%eth0']",
            "[]",
            "",
            "[" + sha)) {
      assertEquals(Optional.empty(), StixPattern.read(other), other);
    }
  }

  private static int digests(String pattern) {
    return StixPattern.read(pattern).orElseThrow().digests().size();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverComesIsReadOrRefused(long seed) throws Exception {
    Random random = new Random(seed);
    String pieces =
        "[]()'\\ ANDORIN=file:hashes.'SHA-256' = '" + SHA_256 + "', ipv4-addr:value 192.0.2.1/8";
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder("[");
      for (int i = random.nextInt(30); i > 0; i--) {
        int from = random.nextInt(pieces.length());
        text.append(pieces, from, Math.min(pieces.length(), from + 1 + random.nextInt(24)));
      }
      text.append(']');
      StixPattern.read(text.toString())
          .ifPresent(read ->
              assertTrue(
                  read.digests().stream().allMatch(each -> each.matches("[0-9a-f]{32,64}")),
                  text::toString));
      byte[] bytes =
          JSON.writeValueAsBytes(
              JSON.createObjectNode()
                  .set("objects", JSON.createArrayNode().add(indicator("x", text.toString()))));
      for (int i = random.nextInt(3); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        new StixIndicators(CommandHost.NOW).read(new ByteArrayInputStream(bytes));
      } catch (IOException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
    }
  }

  /// What backtracks would take for ever.
  @Test
  void longPatternsTakeNoTime() {
    String many = "[file:hashes.MD5 IN (" + "'x'".repeat(15_000);
    long begin = System.nanoTime();
    assertEquals(Optional.empty(), StixPattern.read(many + "]"));
    assertEquals(
        Optional.empty(), StixPattern.read("[file:hashes.MD5 = '" + "\\".repeat(60_000) + "]"));
    assertTrue(System.nanoTime() - begin < 5_000_000_000L);
    byte[] deep = "{\"objects\":[{\"a\":".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    org.junit.jupiter.api.Assertions.assertThrows(
        IOException.class,
        () -> new StixIndicators(CommandHost.NOW).read(new ByteArrayInputStream(deep)));
  }
}
