package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceManagerTest {
  @TempDir Path folder;

  @Test
  void whoeverAskedHearsThatTheServiceIsWell() throws Exception {
    Path socket = folder.resolve("notify");
    Path heard = folder.resolve("heard");
    Process manager =
        new ProcessBuilder("socat", "-u", "UNIX-RECV:" + socket, "CREATE:" + heard).start();
    try {
      ServiceManager told = ServiceManager.at(socket.toString()).orElseThrow();
      for (int i = 0; i < 500 && !told.sayWell(); i++) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      for (int i = 0; i < 500 && !(Files.exists(heard) && Files.size(heard) > 0); i++) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertEquals("WATCHDOG=1", Files.readString(heard));
    } finally {
      manager.destroy();
      assertTrue(manager.waitFor(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void whoIsNotThereIsNotWaitedFor() {
    assertFalse(ServiceManager.at(folder.resolve("nobody").toString()).orElseThrow().sayWell());
    assertTrue(ServiceManager.at(null).isEmpty());
    assertTrue(ServiceManager.at("@abstract").isEmpty());
  }
}
