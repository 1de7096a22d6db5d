package redoubt.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.HandClock;

class AnchorLogTest {
  private final HandClock time = new HandClock();
  private final AtomicReference<String> head = new AtomicReference<>("");

  @Test
  void anAnchorIsWrittenAtOnceAndThenOnlyAsTheJournalGoesOn(@TempDir Path folder) throws Exception {
    Path log = Files.createFile(folder.resolve("kmsg"));
    AnchorLog anchors = new AnchorLog(log, head::get, time);

    anchors.keep();
    assertEquals("", Files.readString(log), "there is no line yet");
    head.set("aa");
    anchors.keep();
    assertEquals("<13>redoubt: journal anchor sha256=aa\n", Files.readString(log));
    head.set("bb");
    anchors.keep();
    assertEquals("<13>redoubt: journal anchor sha256=aa\n", Files.readString(log));
    time.pass(AnchorLog.INTERVAL);
    anchors.keep();
    assertEquals("<13>redoubt: journal anchor sha256=bb\n", Files.readString(log));
  }

  @Test
  void theLastOneIsWrittenWhenTheAgentStops(@TempDir Path folder) throws Exception {
    Path log = Files.createFile(folder.resolve("kmsg"));
    AnchorLog anchors = new AnchorLog(log, head::get, time);
    head.set("aa");
    anchors.keep();
    head.set("cc");

    anchors.write();

    assertEquals("<13>redoubt: journal anchor sha256=cc\n", Files.readString(log));
  }

  @Test
  void aHostWithoutAKernelLogGoesOn(@TempDir Path folder) {
    AnchorLog anchors = new AnchorLog(folder.resolve("none"), head::get, time);
    head.set("aa");
    anchors.keep();
    anchors.write();
  }
}
