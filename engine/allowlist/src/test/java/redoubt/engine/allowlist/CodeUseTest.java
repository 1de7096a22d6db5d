package redoubt.engine.allowlist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an opened file is to who opens it.
final class CodeUseTest {
  private static final int ELF = 0x7f454c46;
  private static final int SHEBANG = 0x23212f62;
  private static final int TEXT = 0x70726920;

  private static CodeUse use(String image, String path, int operand, int magic) {
    return CodeUse.of(image, path, operand, magic, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/bin/sh",
        "/usr/bin/dash",
        "/usr/bin/bash",
        "/usr/bin/python3",
        "/usr/bin/python3.11",
        "/usr/bin/perl5.36-x86_64",
        "/usr/bin/perl",
        "/usr/bin/ruby3.1",
        "/usr/bin/php8.2",
        "/usr/bin/node",
        "/usr/bin/luajit",
        "/usr/bin/java",
        "/usr/lib/jvm/x/bin/java",
        "/usr/bin/python3.11 (deleted)",
        "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
        "/lib/ld-musl-x86_64.so.1",
        "/lib/ld-2.31.so",
        "/usr/bin/mawk",
        "/usr/bin/qemu-aarch64-static"
      })
  void interpretersAreKnownByTheirNames(String image) {
    boolean known = !image.contains("perl5.36-x86_64");
    assertEquals(known, CodeUse.runsCode(image), image);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/usr/bin/cat", "/usr/bin/vim.basic", "/usr/bin/cp", "", "/usr/bin/pythonista"})
  void otherProgramsReadData(String image) {
    assertFalse(CodeUse.runsCode(image));
    assertEquals(CodeUse.DATA, use(image, "/home/a/x.sh", 1, SHEBANG));
    assertEquals(CodeUse.DATA, use(image, "/home/a/x.so", 0, ELF));
  }

  @Test
  void codeIsWhatTheProgramWasToldToRun() {
    assertEquals(CodeUse.SCRIPT, use("/bin/sh", "/home/a/anything", 1, TEXT));
    assertEquals(CodeUse.DATA, use("/bin/sh", "/home/a/anything", 2, TEXT));
    assertEquals(CodeUse.DATA, use("/usr/bin/python3", "/home/a/data.csv", 0, TEXT));
  }

  @Test
  void codeIsWhatHasTheLanguagesName() {
    assertEquals(CodeUse.SCRIPT, use("/usr/bin/python3", "/home/a/module.PY", 0, TEXT));
    assertEquals(CodeUse.SCRIPT, use("/usr/bin/perl", "/home/a/Module.pm", 0, TEXT));
    assertEquals(CodeUse.DATA, use("/usr/bin/python3", "/home/a/x.sh", 0, SHEBANG));
    assertEquals(CodeUse.DATA, use("/usr/bin/java", "/home/a/x.sh", 0, SHEBANG));
    assertEquals(CodeUse.LIBRARY, use("/usr/bin/python3", "/home/a/ext.so", 0, ELF));
    assertEquals(CodeUse.LIBRARY, use("/usr/bin/java", "/home/a/libx.so.1.2", 0, ELF));
    assertEquals(CodeUse.DATA, use("/usr/bin/java", "/home/a/program", 0, ELF));
  }

  @Test
  void shellsKnowScriptsByTheirFirstBytes() {
    assertEquals(CodeUse.SCRIPT, use("/bin/bash", "/home/a/sourced", 0, SHEBANG));
    assertEquals(CodeUse.DATA, use("/bin/bash", "/home/a/sourced", 0, TEXT));
  }

  @Test
  void loadersRunPrograms() {
    String loader = "/usr/lib64/ld-linux-x86-64.so.2";
    assertEquals(CodeUse.LIBRARY, use(loader, "/home/a/program", 1, ELF));
    assertEquals(CodeUse.LIBRARY, use(loader, "/home/a/preloaded", 0, ELF));
    assertEquals(CodeUse.DATA, use(loader, "/home/a/notes", 0, TEXT));
  }

  @Test
  void whatAnyProgramLoadsCountsIfTheOwnerWantsIt() {
    assertEquals(CodeUse.LIBRARY, CodeUse.of("/usr/bin/ls", "/home/a/x", 0, ELF, true));
    assertEquals(CodeUse.DATA, CodeUse.of("/usr/bin/ls", "/home/a/x", 0, TEXT, true));
    assertTrue(CodeUse.LIBRARY.word().equals("library"));
  }
}
