package redoubt.agent.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.HandClock;

class UserNamesTest {
  private final HandClock time = new HandClock();

  @TempDir Path folder;

  @Test
  void namesAreThoseOfTheFile() throws Exception {
    Path file = folder.resolve("passwd");
    Files.writeString(
        file,
        """
        root:x:0:0:root:/root:/bin/bash
        ada:x:1000:1000::/home/ada:/bin/zsh
        second:x:1000:1000::/:/bin/sh
        broken
        odd:x:many:0::/:/bin/sh
        nobody:x:4294967294:65534::/:/bin/false
        """);
    UserNames names = new UserNames(file, time);
    assertEquals("root", names.of(0));
    assertEquals("ada", names.of(1000));
    assertEquals("nobody", names.of(-2));
    assertEquals("", names.of(1));
    assertEquals("", names.of(-1));
  }

  @Test
  void aFileThatChangedIsReadAgain() throws Exception {
    Path file = folder.resolve("passwd");
    Files.writeString(file, "ada:x:1000:1000::/:/bin/sh\n");
    UserNames names = new UserNames(file, time);
    assertEquals("ada", names.of(1000));
    Files.writeString(file, "bob:x:1000:1000::/:/bin/sh\n");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertEquals("ada", names.of(1000));
    time.pass(Duration.ofSeconds(6));
    assertEquals("bob", names.of(1000));
    Files.delete(file);
    time.pass(Duration.ofSeconds(6));
    assertEquals("bob", names.of(1000));
  }

  @Test
  void thereMayBeNoFile() {
    assertEquals("", new UserNames(folder.resolve("none"), time).of(0));
  }
}
