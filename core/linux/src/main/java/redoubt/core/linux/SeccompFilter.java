package redoubt.core.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The filter of system calls under which an engine runs, as the bytes of a classic BPF program
/// (`struct sock_filter[]`, `linux/filter.h`) that `bwrap --seccomp` takes.
///
/// What an engine in any language needs is allowed; what only an attacker needs ends the process
/// with SIGSYS; everything else fails with ENOSYS, as on a kernel that does not have it. Calls of
/// another architecture's convention end the process: their numbers mean something else.
public final class SeccompFilter {
  /// What `struct seccomp_data` has at which offset.
  private static final int DATA_NUMBER = 0;

  private static final int DATA_ARCHITECTURE = 4;
  private static final int DATA_ARGUMENTS = 16;

  private static final int ALLOW = 0x7fff0000;
  private static final int KILL_PROCESS = 0x80000000;
  private static final int FAIL = 0x00050000;

  private static final int LOAD = 0x20;
  private static final int RETURN = 0x06;
  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_AT_LEAST = 0x35;
  private static final int JUMP_ANY_BIT = 0x45;

  private static final int AUDIT_ARCH_X86_64 = 0xC000003E;
  private static final int AUDIT_ARCH_AARCH64 = 0xC00000B7;
  private static final int X32_BIT = 0x40000000;

  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  /// The namespaces that `clone` could make (`CLONE_NEW...`), and `CLONE_PTRACE`.
  private static final int CLONE_FORBIDDEN = 0x7E022080;

  private static final int[] PRCTL = {
    1, // PR_SET_PDEATHSIG
    2, // PR_GET_PDEATHSIG
    3, // PR_GET_DUMPABLE
    7, // PR_GET_KEEPCAPS
    8, // PR_SET_KEEPCAPS
    15, // PR_SET_NAME
    16, // PR_GET_NAME
    21, // PR_GET_SECCOMP
    22, // PR_SET_SECCOMP
    23, // PR_CAPBSET_READ
    24, // PR_CAPBSET_DROP
    27, // PR_GET_SECUREBITS
    28, // PR_SET_SECUREBITS
    38, // PR_SET_NO_NEW_PRIVS
    39, // PR_GET_NO_NEW_PRIVS
    47, // PR_CAP_AMBIENT
    0x53564d41 // PR_SET_VMA
  };

  /// `TCGETS` and `FIONREAD`, which standard libraries ask of any descriptor.
  private static final int[] IOCTL = {0x5401, 0x541B};

  private final Architecture architecture;
  private final List<long[]> program = new ArrayList<>();

  private SeccompFilter(Architecture architecture) {
    this.architecture = architecture;
  }

  /// The filter for engines on this machine's architecture.
  public static byte[] forEngines() {
    return forEngines(Architecture.CURRENT);
  }

  static byte[] forEngines(Architecture architecture) {
    return new SeccompFilter(architecture).build();
  }

  private byte[] build() {
    load(DATA_ARCHITECTURE);
    boolean intel = architecture == Architecture.X86_64;
    emit(JUMP_EQUAL, 1, 0, intel ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64);
    give(KILL_PROCESS);
    load(DATA_NUMBER);
    if (intel) {
      emit(JUMP_AT_LEAST, 0, 1, X32_BIT);
      give(KILL_PROCESS);
    }
    SeccompCalls.allowed(architecture).forEach(number -> on(number, ALLOW));
    SeccompCalls.fatal(architecture).forEach(number -> on(number, KILL_PROCESS));
    on("clone", this::checkClone);
    on("socket", this::checkSocket);
    on("socketpair", this::checkSocketPair);
    on("ioctl", () -> oneOf(1, IOCTL, Errno.ENOTTY));
    on("prctl", () -> oneOf(0, PRCTL, Errno.EPERM));
    on("prlimit64", this::checkLimit);
    give(FAIL | Errno.ENOSYS);
    return bytes();
  }

  /// Threads and processes, in the namespaces that there are.
  private void checkClone() {
    loadArgument(0);
    emit(JUMP_ANY_BIT, 0, 1, CLONE_FORBIDDEN);
    give(FAIL | Errno.EPERM);
    give(ALLOW);
  }

  /// Unix sockets only. The internet's families fail as on a host without them, since libraries
  /// look; any other family is an attempt.
  private void checkSocket() {
    loadArgument(0);
    on(AF_UNIX, ALLOW);
    on(AF_INET, FAIL | Errno.EAFNOSUPPORT);
    on(AF_INET6, FAIL | Errno.EAFNOSUPPORT);
    give(KILL_PROCESS);
  }

  private void checkSocketPair() {
    loadArgument(0);
    on(AF_UNIX, ALLOW);
    give(FAIL | Errno.EAFNOSUPPORT);
  }

  private void oneOf(int argument, int[] values, int otherwise) {
    loadArgument(argument);
    for (int value : values) {
      on(value, ALLOW);
    }
    give(FAIL | otherwise);
  }

  /// Limits can be asked for, not set: the third argument, a pointer, must be null in both halves.
  private void checkLimit() {
    loadArgument(2);
    emit(JUMP_EQUAL, 0, 3, 0);
    load(DATA_ARGUMENTS + 2 * Long.BYTES + Integer.BYTES);
    emit(JUMP_EQUAL, 0, 1, 0);
    give(ALLOW);
    give(FAIL | Errno.EPERM);
  }

  /// What happens to the loaded value if it is this one.
  private void on(int value, int action) {
    emit(JUMP_EQUAL, 0, 1, value);
    give(action);
  }

  /// What happens to a call whose arguments decide; every path of `body` returns.
  private void on(String call, Runnable body) {
    int number = SeccompCalls.checked(call, architecture);
    if (number < 0) {
      return;
    }
    int jump = program.size();
    emit(JUMP_EQUAL, 0, 0, number);
    body.run();
    int length = program.size() - jump - 1;
    if (length > 255) {
      throw new IllegalStateException("a jump is a byte: call=" + call + " length=" + length);
    }
    program.get(jump)[2] = length;
  }

  private void loadArgument(int index) {
    load(DATA_ARGUMENTS + index * Long.BYTES);
  }

  private void load(int offset) {
    emit(LOAD, 0, 0, offset);
  }

  private void give(int action) {
    emit(RETURN, 0, 0, action);
  }

  private void emit(int code, int ifTrue, int ifFalse, int operand) {
    program.add(new long[] {code, ifTrue, ifFalse, operand});
  }

  private byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(program.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (long[] instruction : program) {
      bytes
          .putShort((short) instruction[0])
          .put((byte) instruction[1])
          .put((byte) instruction[2])
          .putInt((int) instruction[3]);
    }
    return bytes.array();
  }
}
