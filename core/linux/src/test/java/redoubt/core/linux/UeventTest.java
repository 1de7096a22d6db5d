package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UeventTest {
  @Test
  void aMessageIsTakenApart() {
    Uevent event =
        Uevent.parse(
            "add@/module/evil\0ACTION=add\0DEVPATH=/module/evil\0SUBSYSTEM=module\0SEQNUM=7\0"
                .getBytes(StandardCharsets.UTF_8));
    assertEquals("add", event.action());
    assertEquals("/module/evil", event.path());
    assertEquals("module", event.value("SUBSYSTEM"));
    assertEquals("", event.value("DEVNAME"));
  }

  @Test
  void whatIsNoneHasNoAction() {
    for (String odd : new String[] {"", "\0", "\0\0=\0", "libudev\0x", "=\0=x\0x="}) {
      assertEquals("", Uevent.parse(odd.getBytes(StandardCharsets.UTF_8)).action());
    }
  }

  @Test
  void theKernelTellsOfADevice() throws Exception {
    try (UeventSocket socket = UeventSocket.open(1 << 20)) {
      Files.writeString(Path.of("/sys/devices/virtual/mem/null/uevent"), "change");
      Uevent event = null;
      while (event == null || !event.path().equals("/devices/virtual/mem/null")) {
        event = socket.receive();
        assertTrue(event != null || socket.await(5_000));
      }
      assertEquals("change", event.action());
      assertEquals("mem", event.value("SUBSYSTEM"));
      assertEquals("null", event.value("DEVNAME"));
    }
  }
}
