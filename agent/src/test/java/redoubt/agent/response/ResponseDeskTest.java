package redoubt.agent.response;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.ProcessStatus;
import redoubt.core.model.Credentials;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.ResponseAction;
import redoubt.core.model.ResponseWish;
import redoubt.core.model.Sha256;

/// On real processes.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResponseDeskTest {
  private static final EngineId ENGINE = new EngineId("sigma");
  private static final String STOPPED = "T";
  private static final String ASLEEP = "S";

  private final ProcessTree tree = new ProcessTree();
  private final SelfProcesses self = new SelfProcesses(ProcessStatus::uniqueId);
  private final Counters counters = new Counters();
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final List<String> putAway = new CopyOnWriteArrayList<>();
  private final List<Process> started = new ArrayList<>();

  @TempDir Path directory;

  private ResponseDesk desk;

  @BeforeEach
  void open() throws IOException {
    desk =
        ResponseDesk.open(
            tree,
            self,
            _ -> false,
            directory,
            directory.resolve("collected"),
            (wish, pid) -> putAway.add(wish.rule() + " " + pid),
            counters,
            (kind, subject, message) -> notices.add(kind + " " + subject + " " + message),
            TimeSource.system());
  }

  @AfterEach
  void close() {
    desk.close();
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void aTreeIsEndedWholeAndNobodyElseIs() throws Exception {
    Process other = start("exec sleep 60");
    Process root = start("sleep 61 & (sleep 62 & sleep 63) & sleep 64 & wait");
    List<ProcessHandle> family = descendants(root, 4);

    wish(root, ResponseAction.KILL_TREE);

    awaitEnd(root.pid());
    for (ProcessHandle each : family) {
      awaitEnd(each.pid());
    }
    assertTrue(other.isAlive());
    String notice = awaitNotice(PlatformNotice.Kind.RESPONDED);
    assertTrue(notice.contains("processes=5"), notice);
    awaitEmptyList();
  }

  @Test
  void aProgramIsPutAwayWhileItsProcessStandsStill() throws Exception {
    Process process = start("exec sleep 60");
    wish(process, ResponseAction.QUARANTINE, ResponseAction.KILL);
    awaitEnd(process.pid());
    assertEquals(1, putAway.size());
    assertTrue(putAway.getFirst().endsWith(" " + process.pid()), putAway::getFirst);
  }

  /// What was done by a process that has ended is the doing of whoever started it.
  @Test
  void whoeverStartedAProcessIsMeantIfTheWishSaysSo() throws Exception {
    Process root = start("exec sleep 60");
    Process other = start("exec sleep 61");
    int ended = Integer.MAX_VALUE;
    tree.found(infoOf(root.pid()));
    tree.forked(ended, Math.toIntExact(root.pid()));
    ProcessInfo child = tree.executed(process(ended, 4_711)).pid() == 0 ? null : tree.find(ended);
    assertNotNull(child);
    tree.exited(ended);
    desk.wish(new ResponseWish(ENGINE, "rule", Set.of(ResponseAction.KILL), child, 2));
    awaitRefusals(1);
    assertTrue(notices.getFirst().contains("generations=2"), notices::toString);
    desk.wish(new ResponseWish(ENGINE, "rule", Set.of(ResponseAction.KILL), child, 1));
    awaitEnd(root.pid());
    assertTrue(other.isAlive());
  }

  /// Its parent has ended, but the tree knows who made it.
  @Test
  void anOrphanBelongsToWhoeverStartedItsFamily() throws Exception {
    Path number = directory.resolve("orphan");
    Process root =
        start("(setsid sh -c 'echo $$ >" + number + "; exec sleep 65' &) ; exec sleep 66");
    while (Files.notExists(number) || Files.readString(number).isBlank()) {
      Thread.sleep(5);
    }
    int orphan = Integer.parseInt(Files.readString(number).strip());
    int middle = Integer.MAX_VALUE;
    tree.found(infoOf(root.pid()));
    tree.forked(middle, Math.toIntExact(root.pid()));
    tree.forked(orphan, middle);
    tree.exited(middle);
    tree.executed(infoOf(orphan));

    wish(root, ResponseAction.KILL_TREE);

    awaitEnd(root.pid());
    awaitEnd(orphan);
  }

  @Test
  void whoeverStartsOthersAllTheTimeIsCaughtUpWith() throws Exception {
    Path alive = directory.resolve("alive");
    Process root =
        start("while :; do sh -c 'sleep 0.01; echo >>" + alive + "' & sleep 0.005; done");
    while (Files.notExists(alive) || Files.size(alive) < 20) {
      Thread.sleep(5);
    }

    wish(root, ResponseAction.KILL_TREE);

    awaitEnd(root.pid());
    awaitNotice(PlatformNotice.Kind.RESPONDED);
    long size = Files.size(alive);
    Thread.sleep(200);
    assertEquals(size, Files.size(alive));
  }

  @Test
  void oneAloneIsEndedAloneWhereThatIsAskedFor() throws Exception {
    Process root = start("sleep 67 & wait");
    ProcessHandle child = descendants(root, 1).getFirst();

    wish(root, ResponseAction.KILL);

    awaitEnd(root.pid());
    assertEquals(ASLEEP, state(child.pid()));
    child.destroyForcibly();
  }

  @Test
  void whatIsFrozenGoesOnWhenItsOwnerSaysSo() throws Exception {
    Process root = start("sleep 68 & wait");
    ProcessHandle child = descendants(root, 1).getFirst();

    wish(root, ResponseAction.FREEZE);

    awaitNotice(PlatformNotice.Kind.RESPONDED);
    assertEquals(STOPPED, state(root.pid()));
    assertEquals(STOPPED, state(child.pid()));
    assertEquals(
        List.of(root.pid(), child.pid()),
        FrozenList.read(directory).stream().map(each -> (long) each.pid()).toList());
    assertEquals(List.of(), desk.thaw(2));
    assertEquals(2, desk.thaw(1).size());
    awaitState(root.pid(), ASLEEP);
    awaitState(child.pid(), ASLEEP);
    assertEquals(List.of(), FrozenList.read(directory));
  }

  @Test
  void whatIsFrozenCanStillBeCollectedAndEnded() throws Exception {
    Process root = start("exec sleep 76");
    wish(root, ResponseAction.FREEZE);
    wish(root, ResponseAction.COLLECT, ResponseAction.FREEZE);
    String notice = awaitNotice(PlatformNotice.Kind.RESPONSE_REFUSED);
    assertTrue(notice.contains("it is frozen already"), notice);
    assertEquals(STOPPED, state(root.pid()));
    only(directory.resolve("collected"));
    wish(root, ResponseAction.KILL);
    awaitEnd(root.pid());
    awaitEmptyList();
  }

  /// The list is emptied last of all, after the notice.
  private void awaitEmptyList() throws Exception {
    while (!FrozenList.read(directory).isEmpty()) {
      Thread.sleep(5);
    }
  }

  @Test
  void whatIsFrozenStaysSoWhenTheAgentStartsAgain() throws Exception {
    Process root = start("exec sleep 69");
    wish(root, ResponseAction.FREEZE);
    awaitNotice(PlatformNotice.Kind.RESPONDED);
    desk.close();
    open();
    assertEquals(STOPPED, state(root.pid()));
    assertEquals(1, desk.thaw(0).size());
    awaitState(root.pid(), ASLEEP);
  }

  /// It was stopped for a response that its agent never finished.
  @Test
  void whoeverAKilledAgentLeftStoppedGoesOn() throws Exception {
    Process root = start("exec sleep 70");
    ProcessInfo info = infoOf(root.pid());
    FrozenList list = FrozenList.open(directory);
    list.begin(
        List.of(new FrozenProcess(0, info.pid(), info.uniqueId(), "sigma", "rule\tone", "/bin/x")));
    assertEquals(0, run("kill", "-STOP", Long.toString(root.pid())));
    awaitState(root.pid(), STOPPED);
    desk.close();
    open();
    awaitState(root.pid(), ASLEEP);
    assertEquals(List.of(), FrozenList.read(directory));
  }

  @Test
  void whatThereIsOfAProcessIsCollectedAndItGoesOn() throws Exception {
    Process root = start("exec sleep 71");

    wish(root, ResponseAction.COLLECT);

    String notice = awaitNotice(PlatformNotice.Kind.RESPONDED);
    awaitState(root.pid(), ASLEEP);
    Path folder = only(directory.resolve("collected"));
    assertTrue(notice.contains(folder.toString()), notice);
    assertEquals(
        Sha256.hash(Files.readAllBytes(Path.of("/proc/" + root.pid() + "/exe"))),
        Sha256.hash(Files.readAllBytes(folder.resolve("program"))));
    assertTrue(Files.readString(folder.resolve("cmdline")).startsWith("sleep\0" + "71"));
    assertTrue(Files.readString(folder.resolve("files")).contains("exe\t"));
    assertEquals(0, run("sh", "-c", "cd " + folder + " && sha256sum --quiet -c SHA256SUMS"));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
  }

  @Test
  void collectionsDoNotFillTheDisk() throws Exception {
    Path collections = Files.createDirectory(directory.resolve("collected"));
    for (int i = 0; i < ProcessCollector.MOST; i++) {
      Files.createDirectory(collections.resolve("earlier-" + i));
    }
    Process root = start("exec sleep 72");
    wish(root, ResponseAction.COLLECT, ResponseAction.KILL);
    awaitEnd(root.pid());
    String notice = awaitNotice(PlatformNotice.Kind.RESPONSE_REFUSED);
    assertTrue(notice.contains("too many collections"), notice);
  }

  @Test
  void aLaterProcessWithTheSameNumberIsLeftAlone() throws Exception {
    Process root = start("exec sleep 73");
    ProcessInfo info = infoOf(root.pid());
    desk.wish(wishFor(process(info.pid(), info.uniqueId() + 1), ResponseAction.KILL));
    desk.wish(wishFor(process(info.pid(), 0), ResponseAction.KILL));
    awaitRefusals(2);
    assertTrue(notices.getFirst().contains("it has ended"), notices::toString);
    assertEquals(ASLEEP, state(root.pid()));
  }

  @Test
  void nobodyTouchesInitOrRedoubt() throws Exception {
    Process root = start("sleep 74 & wait");
    ProcessHandle child = descendants(root, 1).getFirst();
    ProcessInfo ours = infoOf(child.pid());
    self.add(ours.pid(), ours.uniqueId());
    desk.wish(wishFor(infoOf(1), ResponseAction.KILL_TREE));
    desk.wish(wishFor(ours, ResponseAction.FREEZE));
    awaitRefusals(2);
    assertTrue(notices.get(0).contains("it is init"), notices::toString);
    assertTrue(notices.get(1).contains("it is Redoubt's own"), notices::toString);

    wish(root, ResponseAction.KILL_TREE);

    awaitEnd(root.pid());
    assertEquals(ASLEEP, state(child.pid()), "spared within a tree too");
    child.destroyForcibly();
  }

  @Test
  void anEngineHasOnlySoManyResponsesAMinute() throws Exception {
    Process root = start("exec sleep 75");
    for (int i = 0; i < ResponseDesk.MOST_PER_MINUTE; i++) {
      wish(root, ResponseAction.COLLECT);
    }
    wish(root, ResponseAction.KILL);
    String notice = awaitNotice(PlatformNotice.Kind.RESPONSE_REFUSED);
    assertTrue(notice.contains("20 responses"), notice);
    assertTrue(root.isAlive());
  }

  private void wish(Process process, ResponseAction... actions) {
    desk.wish(wishFor(infoOf(process.pid()), actions));
  }

  private static ResponseWish wishFor(ProcessInfo process, ResponseAction... actions) {
    return new ResponseWish(ENGINE, "rule", Set.of(actions), process, 0);
  }

  private static ProcessInfo infoOf(long pid) {
    try (Pidfd held = Pidfd.open(Math.toIntExact(pid)).orElseThrow()) {
      return process(Math.toIntExact(pid), held.uniqueId());
    }
  }

  private static ProcessInfo process(int pid, long uniqueId) {
    return new ProcessInfo(
        pid,
        uniqueId,
        1,
        new Credentials(0, 0, 0, 0),
        0,
        "root",
        "/bin/x",
        List.of("x"),
        false,
        "/",
        "");
  }

  private Process start(String script) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
    started.add(process);
    // Java starts a helper first, which then runs the program; a shell that runs another is that.
    while (name(process.pid()).startsWith("jspawn")
        || (script.startsWith("exec") && !name(process.pid()).equals("sleep"))) {
      Thread.sleep(1);
    }
    if (script.startsWith("exec")) {
      awaitState(process.pid(), ASLEEP);
    }
    return process;
  }

  private static String name(long pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
  }

  /// Waits until a process has so many, all of which sleep.
  private static List<ProcessHandle> descendants(Process root, int count) throws Exception {
    List<ProcessHandle> found = List.of();
    while (found.size() < count
        || !found.stream().allMatch(each -> ASLEEP.equals(state(each.pid())))) {
      Thread.sleep(5);
      found = root.descendants().toList();
    }
    return found;
  }

  /// The dead that nobody has collected have ended.
  private static void awaitEnd(long pid) throws InterruptedException {
    while (!Set.of("", "Z").contains(state(pid))) {
      Thread.sleep(5);
    }
  }

  private static String state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      int afterName = stat.lastIndexOf(')') + 2;
      return stat.substring(afterName, afterName + 1);
    } catch (IOException _) {
      return "";
    }
  }

  private static void awaitState(long pid, String state) throws InterruptedException {
    while (!state.equals(state(pid))) {
      Thread.sleep(5);
    }
  }

  private String awaitNotice(PlatformNotice.Kind kind) throws InterruptedException {
    while (true) {
      for (String notice : notices) {
        if (notice.startsWith(kind + " ")) {
          return notice;
        }
      }
      Thread.sleep(5);
    }
  }

  private void awaitRefusals(int count) throws InterruptedException {
    while (counters.snapshot().getOrDefault(Counter.RESPONSES_REFUSED.metric(), 0L) < count) {
      Thread.sleep(5);
    }
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> found = all.toList();
      assertEquals(1, found.size(), found::toString);
      return found.getFirst();
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
