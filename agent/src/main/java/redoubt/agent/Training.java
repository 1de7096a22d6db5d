package redoubt.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redoubt.agent.activation.ContentDesk;
import redoubt.agent.decision.Guardrails;
import redoubt.agent.engine.Registration;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.HookThreads;
import redoubt.agent.journal.Entry;
import redoubt.agent.journal.Journal;
import redoubt.agent.journal.JournalLimits;
import redoubt.core.disk.FolderTree;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.LinuxException;
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
/// it. Hooks nothing but a file of its own and, where it is given one, a file system of its own.
final class Training {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Training() {}

  /// @param ground where a file system is mounted that nobody else uses: a whole agent lives there
  ///   from start to stop, with the engines of this installation
  static void run(Optional<Path> ground) throws IOException {
    ground.ifPresent(Training::live);
    Path directory = Files.createTempDirectory("redoubt-training");
    try {
      prepareEngine(directory);
      exchangeMessages();
      keepJournal(directory);
      new Warmup(directory, HookThreads.begin(), Guardrails.none(), HostFactsReader.read(0))
          .run(new Warmup.Plan(500, 12_000, PATIENCE));
    } finally {
      FolderTree.delete(directory);
    }
  }

  /// What the kernel or this host refuses is learned in parts, as without a file system.
  private static void live(Path ground) {
    AgentPaths installed = AgentPaths.of(System.getenv());
    AgentPaths paths =
        new AgentPaths(
            installed.home(),
            ground.resolve("state"),
            ground.resolve("run"),
            ground.resolve("etc"),
            installed.java(),
            List.of());
    try {
      RunMarker marker = RunMarker.set(paths).orElseThrow();
      Settings settings = Settings.read(paths, List.of("--filesystem", ground.toString()));
      Agent agent =
          new Agent(paths, settings, Groundwork.begin(paths, List.of(), true), marker, false);
      try {
        agent.start();
      } finally {
        agent.stop();
      }
    } catch (IOException | LinuxException | UnavailableException e) {
      System.err.println("redoubt: no whole agent could be trained with: " + e.getMessage());
    }
  }

  /// Finds an engine and gives it signed content, with a key that was there before.
  private static void prepareEngine(Path directory) throws IOException {
    Path list = Files.writeString(directory.resolve("hashes.list"), "0".repeat(64) + " nothing\n");
    Path engines = Files.createDirectories(directory.resolve("engines"));
    Files.writeString(
        engines.resolve("train.engine"),
        "id=train\ncommand=/bin/true\nauth=EXEC\ncontent=hash-list\n");
    AgentPaths paths =
        new AgentPaths(directory, directory, directory, directory, directory, List.of());
    AgentOptions options = AgentOptions.parse(List.of("--content", list.toString()));
    Groundwork.begin(paths, List.of(), false).ownerKey();
    Groundwork groundwork = Groundwork.begin(paths, List.of(), false);
    PolicyGuardrails guardrails = new PolicyGuardrails(groundwork, directory, (_, _, _) -> {});
    guardrails.prepare();
    ContentDesk desk =
        ContentDesk.open(
            directory, options::contentStages, true, (_, _, _) -> {}, TimeSource.system());
    EngineSetup setup =
        new EngineSetup(paths, () -> options, groundwork, _ -> true, desk, (_, _, _) -> {});
    for (Registration registration : setup.usable()) {
      setup
          .contentFor(registration.manifest())
          .ifPresent(content -> Descriptors.close(content.descriptor()));
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
