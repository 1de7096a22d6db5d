package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConflictsTest {
  @ParameterizedTest
  @ValueSource(strings = {"group", "group-apart"})
  void anotherOwnerOfAPermissionGroupIsFound(String mode) throws Exception {
    int pid;
    try (Child child = Child.start(mode)) {
      pid = child.pid();
      List<Conflicts.Owner> owners = owners(pid);
      assertEquals(1, owners.size());
      assertEquals("java", owners.getFirst().comm());
      assertTrue((owners.getFirst().flags() & 0x4) != 0);
      child.proceed();
      assertEquals(0, child.exitStatus(10_000));
    }
    assertEquals(List.of(), owners(pid));
  }

  @Test
  void ourOwnGroupAndGroupsThatOnlyTellAreNoConflict() {
    try (FanotifyGroup _ = FanotifyGroup.openPermission();
        FanotifyGroup _ = FanotifyGroup.openNotification()) {
      assertEquals(List.of(), owners((int) ProcessHandle.current().pid()));
    }
  }

  private static List<Conflicts.Owner> owners(int pid) {
    return Conflicts.find().stream().filter(owner -> owner.pid() == pid).toList();
  }

  @Test
  void flagsAreHexadecimal() {
    String info = "pos:\t0\nflags:\t04002\nfanotify flags:2b7 event-flags:8000\nfanotify ino:1\n";
    assertEquals(Optional.of(0x2b7), Conflicts.parseFlags(info));
    assertEquals(Optional.empty(), Conflicts.parseFlags("pos:\t0\n"));
    assertEquals(Optional.empty(), Conflicts.parseFlags("fanotify flags:zz event-flags:0"));
  }
}
