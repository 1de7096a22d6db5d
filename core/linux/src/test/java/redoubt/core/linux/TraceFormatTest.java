package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import redoubt.core.linux.TraceFormat.Field;

class TraceFormatTest {
  private static final String RECORDED =
      """
      name: inet_sock_set_state
      ID: 2287
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;
      \tfield:__u8 saddr_v6[16];\toffset:40;\tsize:16;\tsigned:0;
      \tfield:__data_loc char[] comm;\toffset:56;\tsize:4;\tsigned:0;

      print fmt: "family=%s", REC->family
      """;

  @Test
  void aFormatOfTheKernelSaysWhereFieldsStand() {
    TraceFormat format = TraceFormat.parse(RECORDED);
    assertEquals(2287, format.type());
    assertEquals(
        Map.of(
            "common_type", new Field(0, 2),
            "common_pid", new Field(4, 4),
            "skaddr", new Field(8, 8),
            "saddr_v6", new Field(40, 16),
            "comm", new Field(56, 4)),
        format.fields());
    assertEquals(new Field(8, 8), format.requireField("skaddr", 8));
  }

  @Test
  void aFieldThatIsMissingOrOfAnotherSizeIsRefused() {
    TraceFormat format = TraceFormat.parse(RECORDED);
    assertThrows(IllegalArgumentException.class, () -> format.requireField("sport", 2));
    assertThrows(IllegalArgumentException.class, () -> format.requireField("skaddr", 4));
  }

  @Test
  void whateverIsNoFormatIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> TraceFormat.parse(""));
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder(RECORDED);
      for (int change = 0; change < 20; change++) {
        text.setCharAt(random.nextInt(text.length()), (char) (9 + random.nextInt(120)));
      }
      try {
        TraceFormat.parse(text.toString());
      } catch (IllegalArgumentException e) {
        assertEquals("no format of a tracepoint", String.valueOf(e.getMessage()).split(":")[0]);
      }
    }
  }
}
