package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The filter's tables against the system's headers, and its program in a machine that does what
/// the kernel does with it. The kernel itself runs it in the system tests, with hostile engines.
class SeccompFilterTest {
  private static final int ALLOW = 0x7fff0000;
  private static final int KILL_PROCESS = 0x80000000;
  private static final int FAIL = 0x00050000;

  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_NETLINK = 16;
  private static final long CLONE_THREAD_FLAGS = 0x3D0F00;
  private static final long SIGCHLD = 17;

  /// Bits of the flags of `clone`: new time, mount, cgroup, UTS, IPC, user, pid and network
  /// namespaces, and `CLONE_PTRACE`.
  private static final int[] CLONE_NEW_AND_PTRACE = {7, 17, 25, 26, 27, 28, 29, 30, 13};

  private static final int PR_SET_NAME = 15;
  private static final int PR_SET_PTRACER = 0x59616d61;
  private static final int TIOCSTI = 0x5412;
  private static final int TCGETS = 0x5401;

  /// The kernel's limit for a program (`BPF_MAXINSNS`).
  private static final int MOST_INSTRUCTIONS = 4096;

  @TempDir Path scratch;

  @Test
  void theNumbersAreThisMachines() throws Exception {
    assertTableIs(
        SeccompCalls.all(Architecture.CURRENT), "#include <sys/syscall.h>\n", "SYS_", "own");
  }

  @Test
  void theNumbersOfTheOtherArchitectureAreTheGenericOnes() throws Exception {
    String headers =
        """
        #define __BITS_PER_LONG 64
        #define __ARCH_WANT_NEW_STAT
        #define __ARCH_WANT_SET_GET_RLIMIT
        #define __ARCH_WANT_TIME32_SYSCALLS
        #include <asm-generic/unistd.h>
        """;
    assertTableIs(SeccompCalls.all(Architecture.AARCH64), headers, "__NR_", "generic");
  }

  private void assertTableIs(Map<String, Integer> table, String headers, String prefix, String name)
      throws Exception {
    StringBuilder source = new StringBuilder("#include <stdio.h>\n" + headers);
    source.append("int main(void) {\n");
    for (String call : table.keySet()) {
      // The generic table spells some calls after their 32-bit ancestors.
      for (String macro : new String[] {prefix + call, "__NR3264_" + call}) {
        source.append(
            "#ifdef %2$s\n  printf(\"%1$s=%%d\\n\", (int) %2$s);\n#endif\n".formatted(call, macro));
      }
    }
    Path file = Files.writeString(scratch.resolve(name + ".c"), source.append("}\n"));
    Path program = scratch.resolve(name);
    Programs.run("gcc", "-w", "-o", program.toString(), file.toString());
    Map<String, Integer> known = new TreeMap<>();
    Programs.run(program.toString())
        .lines()
        .map(line -> line.split("=", 2))
        .forEach(words -> known.put(words[0], Integer.valueOf(words[1])));
    assertEquals(known, new TreeMap<>(table));
  }

  @ParameterizedTest
  @EnumSource
  void eachCallHasTheFateOfItsTable(Architecture architecture) {
    Machine machine = new Machine(architecture);
    SeccompCalls.allowed(architecture).forEach(call -> assertEquals(ALLOW, machine.run(call)));
    SeccompCalls.fatal(architecture).forEach(call -> assertEquals(KILL_PROCESS, machine.run(call)));
    Map<String, Integer> all = SeccompCalls.all(architecture);
    assertEquals(all.size(), Map.copyOf(all).values().stream().distinct().count());
  }

  @ParameterizedTest
  @EnumSource
  void whatNoTableNamesDoesNotExist(Architecture architecture) {
    Machine machine = new Machine(architecture);
    Map<String, Integer> all = SeccompCalls.all(architecture);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      int number = i < 1_000 ? i : random.nextInt() & 0x3fffffff;
      if (!all.containsValue(number)) {
        assertEquals(
            FAIL | Errno.ENOSYS, machine.run(number, random.nextLong(), random.nextLong()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void numbersOfAnotherConventionAreFatal(Architecture architecture) {
    Machine machine = new Machine(architecture);
    int read = SeccompCalls.all(architecture).getOrDefault("read", -1);
    machine.convention = 0x40000003; // i386
    assertEquals(KILL_PROCESS, machine.run(read));
    machine.convention = architecture == Architecture.X86_64 ? 0xC00000B7 : 0xC000003E;
    assertEquals(KILL_PROCESS, machine.run(read));
  }

  @Test
  void theNarrowConventionOfIntelIsFatal() {
    Machine machine = new Machine(Architecture.X86_64);
    assertEquals(KILL_PROCESS, machine.run(0x40000000));
    assertEquals(KILL_PROCESS, machine.run(0x40000001));
    assertEquals(KILL_PROCESS, machine.run(-1));
  }

  @ParameterizedTest
  @EnumSource
  void argumentsDecideAboutTheOthers(Architecture architecture) {
    Machine machine = new Machine(architecture);
    int socket = SeccompCalls.checked("socket", architecture);
    assertEquals(ALLOW, machine.run(socket, AF_UNIX));
    assertEquals(FAIL | Errno.EAFNOSUPPORT, machine.run(socket, AF_INET));
    assertEquals(KILL_PROCESS, machine.run(socket, AF_NETLINK));
    assertEquals(
        FAIL | Errno.EAFNOSUPPORT,
        machine.run(SeccompCalls.checked("socketpair", architecture), AF_INET));

    int clone = SeccompCalls.checked("clone", architecture);
    assertEquals(ALLOW, machine.run(clone, CLONE_THREAD_FLAGS));
    assertEquals(ALLOW, machine.run(clone, SIGCHLD));
    for (int bit : CLONE_NEW_AND_PTRACE) {
      assertEquals(FAIL | Errno.EPERM, machine.run(clone, 1L << bit | SIGCHLD), "bit " + bit);
    }

    int prctl = SeccompCalls.checked("prctl", architecture);
    assertEquals(ALLOW, machine.run(prctl, PR_SET_NAME));
    assertEquals(FAIL | Errno.EPERM, machine.run(prctl, PR_SET_PTRACER));

    int ioctl = SeccompCalls.checked("ioctl", architecture);
    assertEquals(ALLOW, machine.run(ioctl, 0, TCGETS));
    assertEquals(FAIL | Errno.ENOTTY, machine.run(ioctl, 0, TIOCSTI));
    assertEquals(FAIL | Errno.ENOTTY, machine.run(ioctl, 0, TIOCSTI | 1L << 40));

    int limit = SeccompCalls.checked("prlimit64", architecture);
    assertEquals(ALLOW, machine.run(limit, 0, 7, 0, 0x7ff0_0000_1000L));
    assertEquals(FAIL | Errno.EPERM, machine.run(limit, 0, 7, 0x1000, 0));
    assertEquals(FAIL | Errno.EPERM, machine.run(limit, 0, 7, 1L << 32, 0));
  }

  @ParameterizedTest
  @EnumSource
  void theProgramIsOneThatTheKernelTakes(Architecture architecture) {
    Machine machine = new Machine(architecture);
    assertTrue(machine.program.length <= MOST_INSTRUCTIONS, "length=" + machine.program.length);
    for (int i = 0; i < machine.program.length; i++) {
      Instruction at = machine.program[i];
      int furthest = at.isReturn() ? i : i + 1 + Math.max(at.ifTrue, at.ifFalse);
      assertTrue(furthest < machine.program.length, "instruction " + i);
    }
    assertTrue(machine.program[machine.program.length - 1].isReturn());
  }

  private record Instruction(int code, int ifTrue, int ifFalse, int operand) {
    boolean isReturn() {
      return code == 0x06;
    }
  }

  /// The part of the kernel's classic BPF machine that the filter uses.
  private static final class Machine {
    private final Instruction[] program;
    private int convention;

    Machine(Architecture architecture) {
      this.convention = architecture == Architecture.X86_64 ? 0xC000003E : 0xC00000B7;
      ByteBuffer bytes =
          ByteBuffer.wrap(SeccompFilter.forEngines(architecture)).order(ByteOrder.LITTLE_ENDIAN);
      program = new Instruction[bytes.capacity() / 8];
      for (int i = 0; i < program.length; i++) {
        program[i] =
            new Instruction(
                bytes.getShort(), bytes.get() & 0xff, bytes.get() & 0xff, bytes.getInt());
      }
    }

    /// What the kernel would do with a call.
    int run(int number, long... arguments) {
      ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      data.putInt(number).putInt(convention).putLong(0);
      for (long argument : arguments) {
        data.putLong(argument);
      }
      int value = 0;
      for (int i = 0; ; i++) {
        Instruction at = program[i];
        switch (at.code) {
          case 0x20 -> value = data.getInt(at.operand);
          case 0x06 -> {
            return at.operand;
          }
          case 0x15 -> i += value == at.operand ? at.ifTrue : at.ifFalse;
          case 0x35 ->
              i += Integer.compareUnsigned(value, at.operand) >= 0 ? at.ifTrue : at.ifFalse;
          case 0x45 -> i += (value & at.operand) != 0 ? at.ifTrue : at.ifFalse;
          default -> throw new IllegalStateException("instruction " + i + ": " + at);
        }
      }
    }
  }
}
