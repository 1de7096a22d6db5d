package redoubt.fleet.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {
  @Test
  void whatIsNotSaidIsAsUsual() {
    assertEquals(
        new DatabaseAddress(
            "db.example", 5_432, "fleet", "redoubt", Optional.empty(), "verify-full", Map.of()),
        DatabaseAddress.parse("postgresql://db.example/fleet"));
  }

  @Test
  void whatIsSaidCounts() {
    assertEquals(
        new DatabaseAddress(
            "[2001:db8::1]",
            6_000,
            "fleet",
            "ada",
            Optional.empty(),
            "verify-ca",
            Map.of("sslrootcert", "/etc/ca.pem")),
        DatabaseAddress.parse(
            "postgresql://ada@[2001:db8::1]:6000/fleet?sslmode=verify-ca&sslrootcert=/etc/ca.pem"));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost,prefer",
    "127.0.0.1,prefer",
    "[::1],prefer",
    "192.0.2.1,verify-full",
    "localhost.example,verify-full",
    "127.0.0.1.example,verify-full"
  })
  void onlyOnTheLoopbackNobodyIsVerified(String host, String tls) {
    assertEquals(tls, DatabaseAddress.parse("postgresql://" + host + "/fleet").tls());
  }

  @Test
  void aPasswordIsNotShown() {
    DatabaseAddress address =
        DatabaseAddress.parse("postgresql://db.example/fleet").withPassword("secret");
    assertEquals("postgresql://redoubt@db.example:5432/fleet", address.toString());
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> DatabaseAddress.parse("postgresql://ada:secret@db.example/fleet"));
    assertTrue(String.valueOf(refused.getMessage()).contains("name a file"));
    assertFalse(String.valueOf(refused.getMessage()).contains("secret"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fleet",
        "mysql://db.example/fleet",
        "postgresql:fleet",
        "postgresql://db.example",
        "postgresql://db.example/",
        "postgresql://db.example/a/b",
        "postgresql://@db.example/fleet",
        "postgresql://db.example:0/fleet",
        "postgresql://db.example:65536/fleet",
        "postgresql://db.example/fleet#there",
        "postgresql://db.example/fleet?",
        "postgresql://db.example/fleet?sslmode=never",
        "postgresql://db.example/fleet?sslrootcert=",
        "postgresql://db.example/fleet?sslmode=require&sslmode=disable",
        "postgresql://db.example/fleet?socketFactory=evil.Factory",
        "postgresql://db example/fleet"
      })
  void whatIsNoneIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> DatabaseAddress.parse(text));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whateverIsWrittenIsReadOrRefused(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String good = "postgresql://ada@[::1]:6000/fleet?sslmode=require&sslkey=/k";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(good);
      for (int change = random.nextInt(4); change >= 0; change--) {
        text.setCharAt(random.nextInt(text.length()), (char) (1 + random.nextInt(300)));
      }
      try {
        DatabaseAddress address = DatabaseAddress.parse(text.toString());
        assertTrue(address.port() > 0 && address.port() < 65_536);
        assertEquals(address.name(), DatabaseAddress.parse(address.toString()).name());
      } catch (IllegalArgumentException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
    }
  }
}
