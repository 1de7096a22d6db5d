package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaintTest {
  @Test
  void aMaskIsReadAsTheKernelsDocumentationReadsIt() {
    assertEquals(List.of(), Taint.of(0));
    assertEquals(
        List.of(Taint.PROPRIETARY_MODULE, Taint.OOT_MODULE, Taint.UNSIGNED_MODULE),
        Taint.of(1 | 4096 | 8192));
    assertEquals(List.of(Taint.WARN), Taint.of(512));
    assertEquals(EnumSet.allOf(Taint.class), EnumSet.copyOf(Taint.of(-1)));
  }

  @Test
  void everyFlagHasABitAndALetterOfItsOwn() {
    StringBuilder letters = new StringBuilder();
    int bit = 0;
    for (Taint taint : Taint.values()) {
      assertEquals(bit++, taint.bit());
      letters.append(taint.letter());
      assertEquals(Optional.of(taint), Taint.find(taint.letter()));
    }
    assertEquals("PFSRMBUDAWCIOELKXTNJ", letters.toString());
    assertEquals(Optional.empty(), Taint.find('Z'));
  }
}
