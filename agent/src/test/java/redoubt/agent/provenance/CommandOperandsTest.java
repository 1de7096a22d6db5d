package redoubt.agent.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How commands are told of files, with real ones.
final class CommandOperandsTest {
  @TempDir Path temporary;

  private int operand(Path file, String... arguments) throws Exception {
    String[] command = new String[arguments.length + 4];
    command[0] = "perl";
    command[1] = "-e";
    command[2] = "$| = 1; print 1; sleep 30";
    command[3] = "--";
    System.arraycopy(arguments, 0, command, 4, arguments.length);
    Process process = new ProcessBuilder(command).directory(temporary.toFile()).start();
    try {
      assertEquals('1', process.getInputStream().read());
      return CommandOperands.find(
          (int) process.pid(), number(file, "unix:dev"), number(file, "unix:ino"));
    } finally {
      process.destroyForcibly();
    }
  }

  private static long number(Path file, String attribute) throws IOException {
    return ((Number) Files.getAttribute(file, attribute)).longValue();
  }

  private Path file(String name) throws IOException {
    return Files.writeString(temporary.resolve(name), name);
  }

  /// The program text itself is the first operand here.
  @Test
  void operandsAreCountedWithoutOptions() throws Exception {
    Path file = file("script");
    assertEquals(2, operand(file, "script"));
    assertEquals(2, operand(file, "-x", "./script", "more"));
    assertEquals(3, operand(file, "other", file.toString()));
    assertEquals(0, operand(file, "other", "-script"));
    assertEquals(0, operand(file));
  }

  @Test
  void linksLeadToTheFile() throws Exception {
    Path file = file("script");
    Files.createSymbolicLink(temporary.resolve("link"), file);
    assertEquals(2, operand(file, "link"));
  }

  @Test
  void whatAProcessCallsItsOwnIsItsOwn() {
    assertEquals("/proc/7/fd/3", CommandOperands.asSeenFromHere(7, "/proc/self/fd/3"));
    assertEquals("/proc/7/fd/3", CommandOperands.asSeenFromHere(7, "/dev/fd/3"));
    assertEquals("/proc/7/fd/0", CommandOperands.asSeenFromHere(7, "/dev/stdin"));
    assertEquals("/proc/7/root/opt/x", CommandOperands.asSeenFromHere(7, "/opt/x"));
    assertEquals("/proc/7/cwd/x", CommandOperands.asSeenFromHere(7, "x"));
  }

  /// To ask the process's mount table before the disk.
  @Test
  void placesAreThoseOfTheProcess() throws Exception {
    Process process = new ProcessBuilder("sleep", "30").directory(temporary.toFile()).start();
    try {
      String own = "/proc/" + process.pid();
      int pid = (int) process.pid();
      assertEquals("//opt/x", CommandOperands.placeOf(pid, own + "/root/opt/x"));
      assertEquals(temporary + "/x/y", CommandOperands.placeOf(pid, own + "/cwd/x/y"));
      assertEquals(temporary.toString(), CommandOperands.placeOf(pid, own + "/cwd"));
      assertEquals(own + "/maps", CommandOperands.placeOf(pid, own + "/maps"));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void onlyTheFirstFewAreLookedAt() throws Exception {
    Path file = file("script");
    assertEquals(4, operand(file, "a", "b", "script"));
    assertEquals(0, operand(file, "a", "b", "c", "script"));
  }

  @Test
  void aProcessThatIsGoneNamesNothing() {
    assertEquals(0, CommandOperands.find(Integer.MAX_VALUE, 1, 1));
  }
}
