package redoubt.agent.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerNamesTest {
  private static final String ID = "4b2f".repeat(16);

  @ParameterizedTest
  @CsvSource({
    "0::/system.slice/docker-ID.scope, ID",
    "0::/system.slice/docker-ID.scope/init.scope, ID",
    "12:cpu:/docker/ID, ID",
    "0::/machine.slice/libpod-ID.scope/container, ID",
    "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope, ID",
    "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1_2.slice/cri-containerd-ID.scope, ID",
    "4:memory:/kubepods/burstable/pod0123/ID, ID",
    "0::/kubepods.slice/kubepods-pod9.slice/crio-ID.scope, ID",
    "0::/lxc.payload.web1, web1",
    "0::/lxc.payload/web1/system.slice/cron.service, web1",
    "3:pids:/lxc/web1, web1",
    "0::/machine.slice/machine-web\\x2d1.scope/payload, web\\x2d1",
    "0::/system.slice/cron.service, ''",
    "0::/, ''",
    "0::/user.slice/user-0.slice/session-4.scope, ''",
    "0::/system.slice/build-IDf.scope, ''"
  })
  void aGroupTellsWhichContainerItIsOf(String line, String container) {
    String groups = "9:name=systemd:/\n" + line.replace("ID", ID) + "\n1:cpu:/\n";
    assertEquals(container.replace("ID", ID), ContainerNames.parse(groups));
  }

  @Test
  void whateverStandsThereIsNeverLong() {
    Random random = new Random(20261126);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder groups = new StringBuilder();
      for (int part = random.nextInt(30); part > 0; part--) {
        groups.append(
            switch (random.nextInt(7)) {
              case 0 -> "/lxc/";
              case 1 -> "machine-";
              case 2 -> ".scope";
              case 3 -> ID;
              case 4 -> "\n";
              case 5 -> "x".repeat(random.nextInt(300));
              default -> "/";
            });
      }
      assertTrue(ContainerNames.parse(groups.toString()).length() <= 64);
    }
  }

  @Test
  void aProcessThatHasEndedIsInNone() throws Exception {
    Process ended = new ProcessBuilder("/bin/true").start();
    ended.waitFor();
    assertEquals("", new ContainerNames().of((int) ended.pid(), 7));
  }
}
