package redoubt.testing.conformance;

import java.io.IOException;
import java.util.List;
import redoubt.core.wire.AgentMessage;

/// The end: an engine ends when it is asked to or left alone, and nobody has to kill it.
final class EndingChecks {
  private static final int MOST_GRACE_MILLIS = 5_000;

  private EndingChecks() {}

  static List<Check> all() {
    return List.of(
        new Check(
            "shutdown",
            "Shutdown",
            "ends within its grace, with status 0",
            stage -> shutDown(stage, stage.ready())),
        new Check(
            "shutdown-before-ready",
            "Shutdown",
            "ends within its grace also before it is ready",
            stage -> shutDown(stage, stage.welcome())),
        new Check(
            "shutdown-before-welcome",
            "Shutdown",
            "ends within its grace also before the welcome",
            stage -> shutDown(stage, stage.connect())),
        new Check(
            "shutdown-under-load",
            "Shutdown",
            "ends within its grace while events wait",
            EndingChecks::shutDownUnderLoad),
        new Check(
            "hang-up",
            "States",
            "ends by itself when the agent closes the connection",
            stage -> hangUp(stage, stage.ready())),
        new Check(
            "hang-up-before-welcome",
            "States",
            "ends by itself when the agent closes the connection before the welcome",
            stage -> hangUp(stage, stage.connect())),
        new Check(
            "hang-up-under-load",
            "States",
            "ends by itself when the agent closes the connection while events wait",
            EndingChecks::hangUpUnderLoad));
  }

  private static String shutDown(Stage stage, Conversation engine) throws InterruptedException {
    long begin = System.nanoTime();
    int graceMillis = Math.min(MOST_GRACE_MILLIS, stage.settings().patienceMillis());
    engine.send(new AgentMessage.Shutdown("the check is over", graceMillis));
    engine.awaitOrderlyEnd(graceMillis);
    return "after " + (System.nanoTime() - begin) / 1_000_000 + " ms";
  }

  private static String shutDownUnderLoad(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    load(stage, engine);
    return shutDown(stage, engine);
  }

  private static String hangUp(Stage stage, Conversation engine) throws InterruptedException {
    long begin = System.nanoTime();
    engine.hangUp();
    engine.process().awaitExit(stage.settings().patienceMillis());
    return "after " + (System.nanoTime() - begin) / 1_000_000 + " ms";
  }

  private static String hangUpUnderLoad(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    load(stage, engine);
    return hangUp(stage, engine);
  }

  private static void load(Stage stage, Conversation engine) {
    FileSample file = stage.file(256 << 10);
    for (long left = Math.min(32, engine.ledger().credits()); left > 0; left--) {
      engine.sendEvents(file, List.of(engine.event(file, Ask.USUAL.withoutDigest())));
    }
  }
}
