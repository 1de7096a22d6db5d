package redoubt.engine.sigma.live;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import redoubt.core.model.Credentials;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.engine.kit.EngineHost;
import redoubt.engine.kit.Rehearsal;

/// The Sigma engine's process; started by the agent, which names its socket in the environment.
public final class Main {
  private static final int REHEARSED_TIMES = 500;
  private static final int TCP = 6;

  private Main() {}

  /// Serves until the agent ends the connection, then exits with the status that [EngineHost]
  /// gives. With `--train` and a folder of rules it rehearses instead, so that a start-up cache can
  /// be written.
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 2 && arguments[0].equals("--train")) {
      System.exit(
          new Rehearsal(archive(Path.of(arguments[1])), rehearsed(), REHEARSED_TIMES)
              .run(new SigmaEngine()));
    }
    System.exit(EngineHost.serve(new SigmaEngine()));
  }

  private static byte[] archive(Path rules) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream archive = new ZipOutputStream(bytes);
        Stream<Path> files = Files.list(rules)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yml")).sorted().toList()) {
        archive.putNextEntry(new ZipEntry(String.valueOf(file.getFileName())));
        Files.copy(file, archive);
        archive.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /// Of each kind one, some of them with what rules look for.
  private static List<HostEvent> rehearsed() {
    ProcessInfo shell = process(2, "/usr/bin/bash", "bash", "-c", "echo aWQ= | base64 -d | sh");
    ProcessInfo compiler = process(3, "/usr/bin/gcc", "gcc", "-c", "a.c", "-o", "a.o");
    return List.of(
        new HostEvent.ProcessStart(1, shell, compiler),
        new HostEvent.ProcessStart(2, compiler, shell),
        new HostEvent.FileChange(EventClass.FILE_CREATE, 3, shell, "/etc/cron.d/x", "", false),
        new HostEvent.FileChange(EventClass.FILE_RENAME, 4, compiler, "/tmp/a", "/tmp/b", false),
        new HostEvent.NetworkActivity(
            EventClass.NET_CONNECT,
            5,
            shell,
            TCP,
            false,
            new Endpoint("192.0.2.1", 40_000),
            new Endpoint("2001:db8::1", 443),
            0),
        new HostEvent.ProcessExit(6, shell, 0));
  }

  private static ProcessInfo process(int pid, String image, String... arguments) {
    return new ProcessInfo(
        pid,
        pid,
        1,
        new Credentials(0, 0, 0, 0),
        1,
        "root",
        image,
        List.of(arguments),
        false,
        "/root",
        "");
  }
}
