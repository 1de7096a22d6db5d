package redoubt.core.linux;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A second virtual machine for tests that would end, stop or measure their own.
final class Child implements AutoCloseable {
  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  /// Starts [#main(String[])] and waits until it says that it is ready.
  static Child start(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  /// As [#start(String...)], without any capability.
  static Child startUnprivileged(String... arguments) throws IOException {
    return start(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"), arguments);
  }

  /// As [#start(String...)], with so many descriptors at most.
  static Child startLimited(int descriptors, String... arguments) throws IOException {
    return start(List.of("prlimit", "--nofile=" + descriptors + ":" + descriptors), arguments);
  }

  private static Child start(List<String> prefix, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    Collections.addAll(
        command,
        "env",
        "--default-signal=IO", // a test of our own virtual machine may have ignored it
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("jdk.module.path") + File.pathSeparator + "target/test-classes",
        Child.class.getName());
    Collections.addAll(command, arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    Child child = new Child(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    child.readLine();
    return child;
  }

  /// The next line that it prints; empty at its end.
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    int next = process.getInputStream().read();
    while (next > 0 && next != '\n') {
      line.append((char) next);
      next = process.getInputStream().read();
    }
    return line.toString();
  }

  /// Tells it to go on.
  void proceed() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  int pid() {
    return (int) process.pid();
  }

  /// Its exit status, 128 more than the signal if one ended it; -1 if it still runs after the time.
  int exitStatus(int timeoutMillis) throws InterruptedException {
    return process.waitFor(timeoutMillis, TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /// The child's side: `timer MILLIS`, `disarm MILLIS`, `lease PATH`, `group`, `allocation PATH`,
  /// `features`, `programs` or `exhaust PATH`.
  public static void main(String[] arguments)
      throws IOException, ReflectiveOperationException, InterruptedException {
    switch (arguments[0]) {
      case "timer" -> armTimer(Long.parseLong(arguments[1]));
      case "disarm" -> disarmTimer(Long.parseLong(arguments[1]));
      case "lease" -> holdLease(arguments[1]);
      case "group" -> holdGroup();
      case "group-apart" -> holdGroupApart();
      case "features" -> printFeatures();
      case "programs" -> printPrograms();
      case "exhaust" -> readWithoutDescriptors(arguments[1]);
      case "allocation" -> HotPathAllocation.measure(arguments[1]);
      default -> throw new IllegalArgumentException("mode unknown: mode=" + arguments[0]);
    }
  }

  private static void armTimer(long millis) throws IOException {
    try (KernelTimer timer = KernelTimer.killing()) {
      timer.arm(TimeUnit.MILLISECONDS.toNanos(millis));
      sayReadyAndWait();
    }
  }

  private static void disarmTimer(long millis) {
    try (KernelTimer timer = KernelTimer.killing();
        EventSignal never = EventSignal.open()) {
      timer.disarm(); // loads what the next lines need
      print("ready");
      timer.arm(TimeUnit.MILLISECONDS.toNanos(millis));
      timer.disarm();
      DescriptorWait.await(never.descriptor(), DescriptorWait.POLLIN, (int) millis * 2);
      print("still here");
    }
  }

  /// Leaves SIGIO as it is, to show what happens then.
  private static void holdLease(String path) throws IOException {
    FileLease.take(Descriptors.openReadOnly(path));
    sayReadyAndWait();
  }

  private static void holdGroup() throws IOException {
    try (FanotifyGroup group = FanotifyGroup.openPermission()) {
      print("ready " + group.descriptor());
      System.in.read();
    }
  }

  /// In a table of descriptors that only one thread has.
  private static void holdGroupApart() throws InterruptedException {
    Thread apart =
        new Thread(() -> {
          DescriptorTable.separate();
          try {
            holdGroup();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    apart.start();
    apart.join();
  }

  private static void printFeatures() {
    print("ready");
    print(KernelFeatures.probe().toString());
  }

  private static void printPrograms() {
    print("ready");
    BpfListing<BpfProgram> programs = BpfObjects.programs(1);
    print(Errno.name(programs.error()) + " " + programs.entries().size());
  }

  /// Marks the file, uses every descriptor up and prints what the next event brings.
  private static void readWithoutDescriptors(String path) {
    try (FanotifyGroup group = FanotifyGroup.openPermission();
        FanotifyReader reader = new FanotifyReader(group, 1)) {
      group.mark(MarkScope.INODE, FanotifyGroup.FAN_OPEN_PERM, path);
      reader.read(1); // loads what is needed later, while there are descriptors
      DescriptorWait.await(group.descriptor(), DescriptorWait.POLLIN, 0);
      print("ready");
      int result = 0;
      while (result >= 0) {
        result = Descriptors.duplicate(group.descriptor());
      }
      DescriptorWait.await(group.descriptor(), DescriptorWait.POLLIN, 10_000);
      int count = reader.read(1);
      print(count + " " + reader.descriptor(0) + " " + reader.pidfd(0));
    }
  }

  private static void sayReadyAndWait() throws IOException {
    print("ready");
    System.in.read();
  }

  static void print(String line) {
    System.out.write((line + "\n").getBytes(StandardCharsets.UTF_8), 0, line.length() + 1);
    System.out.flush();
  }
}
