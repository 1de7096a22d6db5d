package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecCheckTest {
  /// Linux 6.14 has the check; an older kernel refuses the flag, whatever the file.
  private static final boolean KNOWN = ExecCheck.of("/bin/sh") != -Errno.EINVAL;

  @Test
  void anExecutableFileMayBeExecutedAndIsNot() {
    assertEquals(KNOWN ? 0 : -Errno.EINVAL, ExecCheck.of("/bin/sh"));
  }

  @Test
  void aFileWithoutTheModeMayNot(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("plain"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertEquals(KNOWN ? -Errno.EACCES : -Errno.EINVAL, ExecCheck.of(file.toString()));
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    assertTrue(ExecCheck.of("/nonexistent/file") < 0);
  }
}
