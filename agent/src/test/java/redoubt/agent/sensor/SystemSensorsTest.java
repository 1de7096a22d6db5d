package redoubt.agent.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent.AccountChange;
import redoubt.core.model.HostEvent.AuditRecord;
import redoubt.core.model.HostEvent.LoginActivity;
import redoubt.core.model.HostEvent.MountChange;

/// Mounts, audit records, logins and accounts, each written by what writes them on a real host.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SystemSensorsTest {
  /// Says something as a login program does, with the audit system on; leaves it as it was.
  private static final String LOGIN_MESSAGE =
      """
      import socket, struct, sys
      audit = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)
      def ask(kind, payload):
          audit.send(struct.pack("=IHHII", 16 + len(payload), kind, 5, 1, 0) + payload)
          answer = audit.recv(65536)
          while struct.unpack("=IH", answer[:6])[1] == 2 and kind == 1000:
              answer = audit.recv(65536)
          return answer[16:]
      def enable(on):
          ask(1001, struct.pack("=11I", 1, on, *[0] * 9))
      before = struct.unpack("=II", ask(1000, b"")[:8])[1]
      enable(1)
      ask(1112, b'op=login acct="ada" exe="/usr/sbin/sshd" pid=1 res=failed\\0')
      enable(before)
      print("said", flush=True)
      sys.stdin.read()
      """;

  /// Writes a login, a refusal and the end of the login as libc does for those who let people in.
  private static final String LOGINS =
      """
      #include <utmp.h>
      #include <string.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <arpa/inet.h>
      int main(int count, char **words) {
        char path[4096];
        struct utmp u = {.ut_type = USER_PROCESS, .ut_pid = atoi(words[2]), .ut_tv = {1700000000, 5}};
        strncpy(u.ut_line, "pts/7", sizeof u.ut_line);
        strncpy(u.ut_user, "ada", sizeof u.ut_user);
        strncpy(u.ut_host, "host.example", sizeof u.ut_host);
        snprintf(path, sizeof path, "%s/wtmp", words[1]);
        updwtmp(path, &u);
        struct utmp end = {.ut_type = DEAD_PROCESS, .ut_pid = u.ut_pid};
        strncpy(end.ut_line, "pts/7", sizeof end.ut_line);
        updwtmp(path, &end);
        struct utmp no = {.ut_type = LOGIN_PROCESS};
        memset(no.ut_user, 'x', sizeof no.ut_user);
        strncpy(no.ut_line, "ssh:notty", sizeof no.ut_line);
        no.ut_addr_v6[0] = htonl(0xC0000201);
        snprintf(path, sizeof path, "%s/btmp", words[1]);
        updwtmp(path, &no);
        return 0;
      }
      """;

  private final Counters counters = new Counters();
  private final ProcessTree tree = new ProcessTree();

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor(), () -> String.join(" ", command));
  }

  @Test
  void aFileSystemIsToldOfWhenItIsAttachedAndDetached(@TempDir Path folder) throws Exception {
    TakenEvents<MountChange> taken = new TakenEvents<>(MountChange.class);
    String path = folder.toRealPath().toString();
    try (MountSensor _ = MountSensor.start(taken, counters, TimeSource.system())) {
      run("mount", "-t", "tmpfs", "-o", "nosuid,size=64k", "stick", path);
      try {
        MountChange mounted = taken.await(each -> each.path().equals(path));
        assertEquals(EventClass.MOUNT, mounted.eventClass());
        assertEquals("tmpfs", mounted.type());
        assertEquals("stick", mounted.source());
        assertEquals("/", mounted.root());
        assertTrue(mounted.options().contains("nosuid") && mounted.options().contains("size=64k"));
        run("mount", "-o", "remount,ro", path);
        MountChange again = taken.await(each -> each.options().startsWith("ro"));
        assertEquals(EventClass.MOUNT, again.eventClass());
      } finally {
        run("umount", path);
      }
      taken.await(each -> each.eventClass() == EventClass.UNMOUNT && each.path().equals(path));
    }
  }

  @Test
  void whatTheAuditSystemRecordsIsHeardOf() throws Exception {
    TakenEvents<AuditRecord> taken = new TakenEvents<>(AuditRecord.class);
    try (ProcessSensor _ =
            ProcessSensor.start(tree, taken, counters, _ -> null, TimeSource.system());
        AuditSensor _ = AuditSensor.start(tree, taken, counters, TimeSource.system())) {
      Process process =
          new ProcessBuilder("python3", "-c", LOGIN_MESSAGE)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertEquals("said", process.inputReader().readLine());
      AuditRecord record = taken.await(each -> each.type() == 1112);
      process.getOutputStream().close();
      assertTrue(record.text().startsWith("audit("), record::text);
      assertTrue(record.text().contains("acct=\"ada\""), record::text);
      // The kernel's word, not that of the message.
      assertEquals(process.pid(), record.process().pid());
      assertTrue(record.process().arguments().getFirst().endsWith("python3"));
      assertEquals(0, process.waitFor());
    }
  }

  @Test
  void whoLogsInAndWhoIsRefusedIsToldOf(@TempDir Path folder) throws Exception {
    TakenEvents<LoginActivity> taken = new TakenEvents<>(LoginActivity.class);
    Path source = Files.writeString(folder.resolve("logins.c"), LOGINS);
    String program = folder.resolve("logins").toString();
    run("gcc", "-o", program, source.toString());
    Path wtmp = Files.createFile(folder.resolve("wtmp"));
    Files.createFile(folder.resolve("btmp"));
    // Those of before are history.
    run(program, folder.toString(), "1");
    try (LoginSensor _ = LoginSensor.start(folder, tree, taken, counters, TimeSource.system())) {
      run(program, folder.toString(), "42");
      LoginActivity refusal = taken.await(each -> each.eventClass() == EventClass.LOGIN_FAILURE);
      assertEquals("x".repeat(32), refusal.user());
      assertEquals("192.0.2.1", refusal.host());
      LoginActivity login = taken.await(each -> each.eventClass() == EventClass.LOGIN);
      assertEquals(
          new LoginActivity(
              EventClass.LOGIN,
              1_700_000_000_000_005_000L,
              tree.findLast(42),
              "ada",
              "pts/7",
              "host.example"),
          login);
      LoginActivity logout = taken.await(each -> each.eventClass() == EventClass.LOGOUT);
      assertEquals("ada", logout.user());
      // Put aside for a new one, as logrotate does.
      Files.move(wtmp, folder.resolve("wtmp.1"));
      Files.createFile(wtmp);
      run(program, folder.toString(), "43");
      taken.await(each -> each.process().pid() == 43 && each.eventClass() == EventClass.LOGIN);
      assertEquals(6, taken.await(6).size());
    }
  }

  @Test
  void withoutAnyRecordOfLoginsThereIsNoSensor(@TempDir Path folder) {
    TakenEvents<LoginActivity> taken = new TakenEvents<>(LoginActivity.class);
    assertThrows(
        IOException.class,
        () -> LoginSensor.start(folder, tree, taken, counters, TimeSource.system()));
  }

  @Test
  void accountsAndGroupsThatChangeAreToldOf(@TempDir Path root) throws Exception {
    TakenEvents<AccountChange> taken = new TakenEvents<>(AccountChange.class);
    Path etc = Files.createDirectory(root.resolve("etc"));
    Files.writeString(etc.resolve("passwd"), "root:x:0:0:root:/root:/bin/bash\n");
    Files.writeString(etc.resolve("group"), "root:x:0:\nstaff:x:50:\n");
    Files.writeString(etc.resolve("shadow"), "root:*:19000:0:99999:7:::\n");
    String prefix = root.toString();
    try (AccountSensor _ = AccountSensor.start(etc, taken, counters, TimeSource.system())) {
      run("useradd", "-P", prefix, "-M", "-o", "-u", "0", "-g", "0", "mallory");
      AccountChange made = taken.await(each -> each.eventClass() == EventClass.ACCOUNT_CREATE);
      assertEquals("mallory", made.name());
      assertEquals(0, made.id());
      run("usermod", "-P", prefix, "-s", "/bin/sh", "-p", "$6$x$y", "mallory");
      AccountChange changed = taken.await(each -> each.eventClass() == EventClass.ACCOUNT_CHANGE);
      assertEquals(List.of("password", "shell"), changed.changed());
      run("usermod", "-P", prefix, "-a", "-G", "staff", "mallory");
      AccountChange group = taken.await(AccountChange::group);
      assertEquals("staff", group.name());
      assertEquals(List.of("members"), group.changed());
      run("userdel", "-P", prefix, "mallory");
      AccountChange gone = taken.await(each -> each.eventClass() == EventClass.ACCOUNT_DELETE);
      assertEquals("mallory", gone.name());
    }
  }

  @Test
  void oddLinesAreNoAccounts() {
    AccountTable before = AccountTable.ofAccounts("", "");
    String odd = "\n:::\nx\nada:x\n:x:0:0::/:\nbob:x:not a number:0:::\nbob:x:1:1:::\nnis:::\n";
    List<AccountChange> changes = AccountTable.ofAccounts(odd, "eve:*:::::::\n").since(before, 1);
    assertEquals(2, changes.size());
    assertTrue(changes.stream().allMatch(each -> each.id() == -1));
  }
}
