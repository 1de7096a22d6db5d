package redoubt.agent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class KernelSettingsTest {
  @Test
  void numbersAreThoseOfTheKernel() {
    assertEquals(OptionalLong.of(12_289), KernelSettings.parseMask("12289\n"));
    assertEquals(OptionalLong.of(-1), KernelSettings.parseMask("18446744073709551615\n"));
    assertEquals(OptionalLong.empty(), KernelSettings.parseMask("18446744073709551616\n"));
    assertEquals(OptionalLong.empty(), KernelSettings.parseMask("-1\n"));
    assertEquals(OptionalLong.empty(), KernelSettings.parseMask(""));
    assertEquals(OptionalInt.of(2), KernelSettings.parseNumber("2\n"));
    assertEquals(OptionalInt.empty(), KernelSettings.parseNumber("two\n"));
    assertEquals(OptionalInt.empty(), KernelSettings.parseNumber("12345678901\n"));
  }

  @Test
  void answersOfParametersAreYesOrNo() {
    assertEquals(OptionalInt.of(1), KernelSettings.parseAnswer("Y\n"));
    assertEquals(OptionalInt.of(0), KernelSettings.parseAnswer("N\n"));
    assertEquals(OptionalInt.of(1), KernelSettings.parseAnswer("1"));
    assertEquals(OptionalInt.empty(), KernelSettings.parseAnswer(""));
    assertEquals(OptionalInt.empty(), KernelSettings.parseAnswer("perhaps"));
  }

  @Test
  void theChosenOneIsInBrackets() {
    assertEquals("none", KernelSettings.parseChoice("[none] integrity confidentiality\n"));
    assertEquals("integrity", KernelSettings.parseChoice("none [integrity] confidentiality\n"));
    assertEquals("", KernelSettings.parseChoice("none integrity\n"));
    assertEquals("", KernelSettings.parseChoice("[]"));
  }

  @Test
  void theTimeSinceTheStartHasAFraction() {
    assertEquals(
        Optional.of(Duration.ofMillis(350_735_470)),
        KernelSettings.parseUptime("350735.47 234388.90\n"));
    assertEquals(Optional.of(Duration.ofSeconds(7)), KernelSettings.parseUptime("7"));
    assertEquals(Optional.empty(), KernelSettings.parseUptime("-7 1"));
    assertEquals(Optional.empty(), KernelSettings.parseUptime("9999999999999.00 1"));
    assertEquals(Optional.empty(), KernelSettings.parseUptime(""));
  }
}
