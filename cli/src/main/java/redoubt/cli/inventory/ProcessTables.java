package redoubt.cli.inventory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import redoubt.core.model.Endpoint;

/// What runs, and what of it waits for connections.
final class ProcessTables {
  /// In which `/proc` counts a process's time, on every architecture of Linux (USER_HZ).
  private static final long TICKS_PER_SECOND = 100;

  private static final long PAGE_KIB = 4;
  private static final long BYTES_PER_KIB = 1024;
  private static final long MILLIS_PER_TICK = 1000 / TICKS_PER_SECOND;
  private static final String DELETED = " (deleted)";
  private static final int IPV4 = 2;
  private static final int IPV6 = 10;
  private static final int TCP = 6;
  private static final int UDP = 17;

  /// States of a socket in `/proc/net`: that of TCP that listens, that of UDP that has no peer.
  private static final String TCP_LISTEN = "0A";

  private static final String UDP_CLOSE = "07";
  private static final int SOCKET_FIELDS = 10;

  private ProcessTables() {}

  /// Who holds a socket, and as which descriptor.
  private record Holder(int pid, int descriptor) {
    static final Holder UNKNOWN = new Holder(-1, -1);
  }

  static List<InventoryTable> of(HostFiles files) {
    return List.of(
        new InventoryTable(
            "processes",
            "the processes that run",
            "pid name path cmdline state cwd root uid gid euid egid on_disk resident_size"
                + " user_time system_time start_time parent pgroup threads nice",
            rows -> processes(files, rows)),
        new InventoryTable(
            "listening_ports",
            "who waits for connections; of other users' processes for root only",
            "pid port protocol family address fd socket",
            rows -> ports(files, rows)));
  }

  private static void processes(HostFiles files, InventoryTable.Rows rows) throws IOException {
    long bootSeconds = bootSeconds(files);
    for (int pid : files.numbers("/proc")) {
      try {
        process(files, "/proc/" + pid + "/", pid, bootSeconds, rows);
      } catch (IOException | RuntimeException _) {
        // it has ended meanwhile, or ends while it is read
      }
    }
  }

  /// proc_pid_stat(5), whose second field may have any character, also a closing parenthesis.
  private static void process(
      HostFiles files, String folder, int pid, long bootSeconds, InventoryTable.Rows rows)
      throws IOException {
    String stat = files.text(folder + "stat");
    int end = stat.lastIndexOf(')');
    String name = stat.substring(stat.indexOf('(') + 1, end);
    String[] fields = stat.substring(end + 2).split(" ");
    Map<String, String[]> status = status(files.text(folder + "status"));
    String[] users = status.getOrDefault("Uid", new String[] {"", ""});
    String[] groups = status.getOrDefault("Gid", new String[] {"", ""});
    String path = files.target(folder + "exe");
    boolean gone = path.endsWith(DELETED);
    rows.add(
        pid,
        name,
        gone ? path.substring(0, path.length() - DELETED.length()) : path,
        files.word(folder + "cmdline").replace('\0', ' ').strip(),
        fields[0],
        files.target(folder + "cwd"),
        files.target(folder + "root"),
        users[0],
        groups[0],
        users[1],
        groups[1],
        path.isEmpty() ? -1 : gone ? 0 : 1,
        Long.parseLong(fields[21]) * PAGE_KIB * BYTES_PER_KIB,
        Long.parseLong(fields[11]) * MILLIS_PER_TICK,
        Long.parseLong(fields[12]) * MILLIS_PER_TICK,
        bootSeconds + Long.parseLong(fields[19]) / TICKS_PER_SECOND,
        fields[1],
        fields[2],
        fields[17],
        fields[16]);
  }

  private static Map<String, String[]> status(String text) {
    Map<String, String[]> facts = new HashMap<>();
    for (String line : text.split("\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        facts.put(line.substring(0, colon), line.substring(colon + 1).strip().split("\\s+"));
      }
    }
    return facts;
  }

  private static long bootSeconds(HostFiles files) throws IOException {
    return files
        .text("/proc/stat")
        .lines()
        .filter(line -> line.startsWith("btime "))
        .mapToLong(line -> Long.parseLong(line.substring("btime ".length()).strip()))
        .findFirst()
        .orElse(0);
  }

  private static void ports(HostFiles files, InventoryTable.Rows rows) throws IOException {
    Map<String, Holder> holders = holders(files);
    ports(files.text("/proc/net/tcp"), TCP, IPV4, holders, rows);
    ports(files.word("/proc/net/tcp6"), TCP, IPV6, holders, rows);
    ports(files.word("/proc/net/udp"), UDP, IPV4, holders, rows);
    ports(files.word("/proc/net/udp6"), UDP, IPV6, holders, rows);
  }

  private static void ports(
      String table,
      int protocol,
      int family,
      Map<String, Holder> holders,
      InventoryTable.Rows rows) {
    String waits = protocol == TCP ? TCP_LISTEN : UDP_CLOSE;
    for (String line : table.split("\n")) {
      String[] fields = line.strip().split("\\s+");
      if (fields.length >= SOCKET_FIELDS && fields[3].equals(waits)) {
        Endpoint local = endpoint(fields[1]);
        Holder holder = holders.getOrDefault(fields[9], Holder.UNKNOWN);
        rows.add(
            holder.pid,
            local.port(),
            protocol,
            family,
            local.address(),
            holder.descriptor,
            fields[9]);
      }
    }
  }

  /// An address as `/proc/net` has it: words of 32 bits, each in the order of this machine.
  private static Endpoint endpoint(String text) {
    String[] parts = text.split(":");
    ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(parts[0]));
    ByteBuffer address = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      address.putInt(words.getInt());
    }
    return Endpoint.of(address.array(), Integer.parseInt(parts[1], 16));
  }

  /// By the socket's number; the first process that has it, where several do.
  private static Map<String, Holder> holders(HostFiles files) throws IOException {
    Map<String, Holder> holders = new HashMap<>();
    for (int pid : files.numbers("/proc")) {
      String folder = "/proc/" + pid + "/fd";
      try {
        for (int descriptor : files.numbers(folder)) {
          String target = files.target(folder + "/" + descriptor);
          if (target.startsWith("socket:[")) {
            String number = target.substring("socket:[".length(), target.length() - 1);
            holders.putIfAbsent(number, new Holder(pid, descriptor));
          }
        }
      } catch (IOException _) {
        // another user's, or it has ended meanwhile
      }
    }
    return holders;
  }
}
