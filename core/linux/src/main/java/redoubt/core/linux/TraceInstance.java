package redoubt.core.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An instance of the kernel's tracing of our own: it records chosen tracepoints into buffers of
/// its own, beside whatever others trace, and no code of ours runs in the kernel.
///
/// It outlives a process that is killed; the next one removes it. Thread-safe.
public final class TraceInstance implements AutoCloseable {
  private static final String PREFIX = "redoubt-";
  private static final Pattern OWNED = Pattern.compile(PREFIX + "(\\d{1,9})-.*");
  private static final Pattern DATA =
      Pattern.compile("\\s*field: char data;\\s*offset:(\\d{1,4});\\s*size:(\\d{1,6});.*");

  private final DetachedMount tracefs;
  private final Path directory;

  private TraceInstance(DetachedMount tracefs, Path directory) {
    this.tracefs = tracefs;
    this.directory = directory;
  }

  /// Makes an instance that records nothing yet.
  ///
  /// @param bufferKib how much it keeps for each processor until that is read; the oldest records
  ///   go first
  /// @throws IOException if this kernel has no tracing, or locks it away from this process
  public static TraceInstance open(int bufferKib) throws IOException {
    DetachedMount tracefs;
    try {
      tracefs = DetachedMount.tracefs();
    } catch (LinuxException e) {
      throw new IOException("no tracing: " + e.getMessage(), e);
    }
    try {
      Path instances = Path.of("/proc/self/fd/" + tracefs.descriptor(), "instances");
      removeOrphans(instances);
      Path directory =
          Files.createTempDirectory(instances, PREFIX + ProcessHandle.current().pid() + "-");
      TraceInstance instance = new TraceInstance(tracefs, directory);
      try {
        instance.prepare(bufferKib);
        return instance;
      } catch (IOException e) {
        Files.delete(directory);
        throw e;
      }
    } catch (IOException e) {
      tracefs.close();
      throw e;
    }
  }

  /// Removes the instances of processes that have ended.
  private static void removeOrphans(Path instances) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(instances, PREFIX + "*")) {
      for (Path instance : all) {
        Matcher owned = OWNED.matcher(String.valueOf(instance.getFileName()));
        if (owned.matches() && Files.notExists(Path.of("/proc", owned.group(1)))) {
          remove(instance);
        }
      }
    }
  }

  private static void remove(Path instance) {
    try {
      Files.deleteIfExists(instance);
    } catch (IOException _) {
      // Somebody reads it; it costs little, and the next start tries again.
    }
  }

  private void prepare(int bufferKib) throws IOException {
    write("trace_clock", "mono");
    write("buffer_size_kb", Integer.toString(bufferKib));
    // Whoever waits is woken by the first record, not when half of the buffer is full.
    write("buffer_percent", "0");
  }

  /// Begins to record a tracepoint.
  ///
  /// @param tracepoint its subsystem and name, such as `sock/inet_sock_set_state`
  /// @param filter which of its records are wanted, in the words of the kernel's event filters
  /// @return what its records look like
  /// @throws IOException if this kernel has no such tracepoint, or not with such fields
  public TraceFormat enable(String tracepoint, String filter) throws IOException {
    String place = "events/" + tracepoint;
    TraceFormat format;
    try {
      format = TraceFormat.parse(KernelFile.read(directory.resolve(place, "format").toString()));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage() + " tracepoint=" + tracepoint, e);
    }
    write(place + "/filter", filter);
    write(place + "/enable", "1");
    return format;
  }

  private void write(String file, String value) throws IOException {
    Files.writeString(
        directory.resolve(file), value, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
  }

  /// A reader of what is recorded; one for each instance, and closed before it.
  ///
  /// @throws IOException if a buffer cannot be opened
  public TraceReader openReader() throws IOException {
    String header = KernelFile.read(directory.resolve("events/header_page").toString());
    Matcher data = DATA.matcher(header.lines().reduce("", (_, line) -> line));
    if (!data.matches()) {
      throw new IOException("unknown trace buffer: header=" + header.strip());
    }
    int offset = Integer.parseInt(data.group(1));
    List<Integer> descriptors = new ArrayList<>();
    try (DirectoryStream<Path> processors =
        Files.newDirectoryStream(directory.resolve("per_cpu"), "cpu[0-9]*")) {
      for (Path processor : processors) {
        descriptors.add(openBuffer(processor.resolve("trace_pipe_raw")));
      }
      return new TraceReader(descriptors, offset + Integer.parseInt(data.group(2)), offset);
    } catch (IOException | LinuxException e) {
      descriptors.forEach(Descriptors::close);
      throw e;
    }
  }

  private static int openBuffer(Path file) throws IOException {
    int descriptor = Descriptors.openNonBlocking(file.toString());
    if (descriptor < 0) {
      throw new IOException(
          "cannot open trace buffer: errno=" + Errno.name(descriptor) + " path=" + file);
    }
    return descriptor;
  }

  /// Stops to record, and removes the instance.
  @Override
  public void close() {
    remove(directory);
    tracefs.close();
  }
}
