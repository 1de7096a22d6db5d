package redoubt.engine.ransomware;

import java.nio.charset.StandardCharsets;
import java.util.List;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.engine.kit.EngineHost;
import redoubt.engine.kit.Rehearsal;

/// The process that watches for ransomware; started by the agent, which names its socket in the
/// environment.
public final class Main {
  private static final int REHEARSED_EVENTS = 1_000;
  private static final int USAGE = 64;

  private Main() {}

  /// Serves until the agent ends the connection, then exits with the status that [EngineHost]
  /// gives. With `--train` it rehearses instead, so that a start-up cache can be written.
  public static void main(String[] arguments) {
    if (arguments.length == 1 && arguments[0].equals("--train")) {
      System.exit(train());
    }
    if (arguments.length != 0) {
      System.err.println("usage: ransomware [--train]");
      System.exit(USAGE);
    }
    System.exit(EngineHost.serve(new Ransomware()));
  }

  private static int train() {
    byte[] list = "canary /srv/first\n".getBytes(StandardCharsets.US_ASCII);
    ProcessInfo process = ProcessInfo.UNKNOWN.forkedAs(4711, 1).running("/usr/bin/tool");
    List<HostEvent> activity =
        List.of(
            content(process, "/srv/plan.odt", 7_980),
            content(process, "/srv/plan.odt.x", 7_980),
            content(process, "/srv/text", 4_300),
            new HostEvent.FileChange(
                EventClass.FILE_DELETE, 2, process, "/srv/plan.odt", "", false));
    return new Rehearsal(list, activity, REHEARSED_EVENTS).run(new Ransomware());
  }

  private static HostEvent content(ProcessInfo process, String path, int millibits) {
    return new HostEvent.FileContent(
        1, process, List.of(12, 1), path, "", 8_192, 0, "", List.of(millibits));
  }
}
