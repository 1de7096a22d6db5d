package redoubt.agent.decision;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleGateTest {
  @Test
  void modulesAreToldByTheirNames() {
    List.of(
            "/lib/modules/6.1.0/kernel/fs/fat/fat.ko",
            "/tmp/evil.ko.xz",
            "/tmp/evil.ko.gz",
            "/tmp/evil.ko.zst",
            "/tmp/evil.ko (deleted)",
            "evil.ko")
        .forEach(path -> assertTrue(ModuleGate.isModule(path), path));
    List.of("", "/", "/tmp/evil.ko.txt", "/tmp/evilko", "/tmp/.ko/file", "/tmp/evil.ko.bz2", "ko")
        .forEach(path -> assertFalse(ModuleGate.isModule(path), path));
  }
}
