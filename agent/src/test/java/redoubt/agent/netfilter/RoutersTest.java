package redoubt.agent.netfilter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutersTest {
  @TempDir private Path folder;

  @Test
  void theyAreThoseOfTheDefaultRoutes() throws Exception {
    Path routes =
        Files.writeString(
            folder.resolve("route"),
            """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
            eth0\t0002A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
            eth1\t000A0A0A\t0902A8C0\t0003\t0\t0\t100\t00FFFFFF\t0\t0\t0
            ppp0\t00000000\t00000000\t0001\t0\t0\t200\t00000000\t0\t0\t0
            """);
    String zeros = "0".repeat(32);
    String router = "fe80000000000000021122fffe334455";
    Path routes6 =
        Files.writeString(
            folder.resolve("ipv6_route"),
            zeros
                + " 00 "
                + zeros
                + " 00 "
                + router
                + " 00000400 00000001 00000000 00000003     eth0\n"
                + "20010db8000000000000000000000000 40 "
                + zeros
                + " 00 "
                + zeros
                + " 00000100 00000001 00000000 00000001     eth0\n"
                + zeros
                + " 00 "
                + zeros
                + " 00 "
                + zeros
                + " ffffffff 00000001 00000000 00200200       lo\n");
    assertEquals(
        List.of("/192.168.2.1", "/fe80:0:0:0:211:22ff:fe33:4455"),
        Routers.in(routes, routes6).stream().map(Object::toString).toList());
    assertEquals(List.of(), Routers.in(folder.resolve("none"), folder.resolve("none")));
  }
}
