package redoubt.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import redoubt.agent.decision.Guardrails;
import redoubt.agent.journal.Entry;
import redoubt.agent.journal.Journal;
import redoubt.agent.journal.JournalLimits;
import redoubt.agent.policy.ExceptionsFile;
import redoubt.agent.policy.ProtectedSetSource;
import redoubt.core.model.Actor;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireException;

/// Uses what a starting agent uses, in a directory of its own, so that the start-up cache learns
/// it. Hooks nothing but a file of its own.
final class Training {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Training() {}

  static void run() throws IOException {
    Path directory = Files.createTempDirectory("redoubt-training");
    try {
      ProtectedSetSource.ofHost(List.of()).scan();
      ExceptionsFile.in(directory).load();
      new EngineSetup(
              new AgentPaths(directory, directory, directory, directory, directory, List.of()),
              AgentOptions.parse(List.of()),
              _ -> true,
              (_, _, _) -> {})
          .registered();
      exchangeMessages();
      keepJournal(directory);
      new Warmup(directory, Guardrails.none(), HostFactsReader.read(0))
          .run(new Warmup.Plan(500, 12_000, PATIENCE));
    } finally {
      Folders.delete(directory);
    }
  }

  private static void exchangeMessages() {
    FileIdentity file = new FileIdentity(1, 2, 3, 4, 5, 6);
    AgentMessage.Event event =
        new AgentMessage.Event(
            1,
            EventClass.EXEC,
            true,
            1,
            null,
            1,
            1,
            1,
            0,
            0,
            0,
            1,
            "/bin/true",
            file,
            new Sha256(1, 2, 3, 4),
            true,
            true);
    List<AgentMessage> toEngine =
        List.of(
            new AgentMessage.Welcome(
                1, "e", "v", Set.of(EventClass.EXEC), Set.of(), EngineMode.ENFORCE, 1, 250),
            new AgentMessage.LoadContent("n", "v", new Sha256(1, 2, 3, 4), 1),
            new AgentMessage.Events(0, List.of(event)));
    for (AgentMessage message : toEngine) {
      EngineCodec.encode(1, message);
    }
    List<EngineMessage> fromEngine =
        List.of(
            new EngineMessage.Hello(1, 1, "n", "v", "1", "", Set.of(EventClass.EXEC), Set.of()),
            new EngineMessage.ContentLoaded("v", 1),
            new EngineMessage.Ready(1),
            new EngineMessage.Verdicts(
                List.of(
                    new EngineMessage.EventVerdict(
                        1, Verdict.ALLOW, VerdictScope.FILE, 1, "", "", "v"))));
    for (EngineMessage message : fromEngine) {
      try {
        EngineCodec.decodeFromEngine(ByteBuffer.wrap(EngineCodec.encode(1, message)));
      } catch (WireException e) {
        throw new IllegalStateException("the codec refuses its own bytes: " + message, e);
      }
    }
  }

  private static void keepJournal(Path directory) throws IOException {
    long now = System.currentTimeMillis();
    try (Journal journal =
        Journal.open(
            directory.resolve("journal"),
            JournalLimits.DEFAULT,
            HostFactsReader.read(now),
            () -> {})) {
      journal.offer(
          new Entry.Notice(new PlatformNotice(now, PlatformNotice.Kind.STARTED, "agent", "train")));
      journal.offer(new Entry.Decision(decision(now)));
      journal.flush(PATIENCE);
    }
  }

  private static DecisionRecord decision(long now) {
    EngineOpinion opinion =
        new EngineOpinion.Answered(
            new EngineId("scanner"),
            EngineMode.ENFORCE,
            Verdict.DENY,
            "r",
            "r",
            "v",
            1,
            false,
            false);
    return new DecisionRecord(
        1,
        now,
        EventClass.EXEC,
        new Actor(1, 1, 1, 0, 0, 0, 1, "/bin/sh", "/bin/sh"),
        "/bin/true",
        new FileIdentity(1, 2, 3, 4, 5, 6),
        new Sha256(1, 2, 3, 4),
        true,
        Verdict.DENY,
        DecisionBasis.ENGINES,
        0,
        "",
        List.of(opinion),
        1);
  }
}
