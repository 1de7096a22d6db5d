package redoubt.agent.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.activation.ContentIntake;
import redoubt.agent.activation.Offer;
import redoubt.agent.activation.RefusedException;
import redoubt.agent.health.HandClock;
import redoubt.agent.updates.UpdatePolicy;
import redoubt.agent.updates.UpdateWindow;
import redoubt.agent.updates.UpdatesFile;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

/// When it is looked for updates, and what is said of it.
class UpdateDeskTest implements BundleSource, ContentIntake {
  private static final EngineId SIGMA = new EngineId("sigma");
  private static final Sha256 DIGEST = Sha256.hash(new byte[0]);
  private static final String TARGET = "acme/sigma/rules-1.bundle";

  @TempDir private Path state = Path.of("");
  private final HandClock clock = new HandClock();
  private final AtomicInteger looks = new AtomicInteger();
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final List<String> backs = new CopyOnWriteArrayList<>();
  private volatile Optional<String> problem = Optional.empty();
  private volatile Life life = Life.EMPTY;
  private volatile String channel = "stable";
  private UpdatesFile file = new UpdatesFile(state);
  private UpdateDesk desk = desk();

  private UpdateDesk desk() {
    return new UpdateDesk(
        file,
        this,
        this,
        (_, subject, text) -> notices.add(subject + ": " + text),
        clock,
        new SplittableRandom(7),
        Runnable::run);
  }

  @BeforeEach
  void begin() throws Exception {
    file = new UpdatesFile(state);
    desk = desk();
    follow(List.of());
  }

  private void follow(List<UpdateWindow> windows) throws Exception {
    file.change(
        SIGMA,
        _ ->
            new UpdatePolicy(
                SIGMA,
                "acme",
                "rules",
                new TreeSet<>(List.of("stable")),
                0,
                windows,
                false,
                OptionalLong.empty()));
  }

  @Override
  public Supply.Supplied fetch(String target) throws IOException {
    return new Supply.Supplied(Files.createFile(state.resolve("fetched")), target, "ours");
  }

  @Override
  public List<Published> published(String vendor, EngineId engine, String name)
      throws SupplyException {
    looks.incrementAndGet();
    if (problem.isPresent()) {
      throw new SupplyException(problem.get(), "wait");
    }
    return List.of(new Published(TARGET, 1, channel, Optional.of(DIGEST)));
  }

  @Override
  public Life life(EngineId engine) {
    return life;
  }

  @Override
  public Release rollBack(EngineId engine, String reason) throws RefusedException {
    Release bad = life.active().orElseThrow();
    if (life.before().isEmpty()) {
      throw new RefusedException("there is nothing to fall back to");
    }
    backs.add(bad.version() + " " + reason);
    return bad;
  }

  @Override
  public Offer.Taken activate(Offer offer) throws RefusedException {
    assertTrue(Files.exists(offer.file()));
    taken.add(offer.target().orElseThrow());
    return new Offer.Taken(SIGMA, new Release(DIGEST, "acme", "rules", 1));
  }

  /// Lets time pass as the agent does, with a look at the clock every minute.
  private void pass(Duration time) {
    for (long minute = 0; minute < time.toMinutes(); minute++) {
      clock.pass(Duration.ofMinutes(1));
      desk.check();
    }
  }

  @Test
  void itLooksOnceAnHourOrSo() throws Exception {
    pass(Duration.ofMinutes(1));
    assertEquals(0, looks.get());
    pass(Duration.ofMinutes(17));
    assertEquals(1, looks.get());
    assertEquals(List.of(TARGET), taken);
    assertFalse(Files.exists(state.resolve("fetched")));
    pass(Duration.ofHours(24));
    assertTrue(looks.get() >= 22 && looks.get() <= 29, "looks=" + looks);
  }

  @Test
  void itTakesWhatWaitsWhenTheWindowOpens() throws Exception {
    LocalDateTime soon =
        LocalDateTime.ofInstant(Instant.ofEpochMilli(clock.wallMillis()), ZoneId.systemDefault())
            .plusMinutes(30)
            .withSecond(0)
            .withNano(0);
    follow(
        List.of(
            UpdateWindow.parse(
                "%tR-%tR".formatted(soon.toLocalTime(), soon.plusMinutes(10).toLocalTime()))));
    assertEquals(
        "waits for its window: " + TARGET, desk.look(Optional.of(SIGMA)).getFirst().text());
    assertEquals(List.of(), taken);
    pass(Duration.ofMinutes(25));
    assertEquals(List.of(), taken);
    pass(Duration.ofMinutes(7));
    assertEquals(List.of(TARGET), taken);
  }

  @Test
  void aProblemIsSaidOnceUntilItIsOver() throws Exception {
    problem = Optional.of("the mirror failed");
    desk.look(Optional.empty());
    desk.look(Optional.empty());
    assertEquals(List.of("sigma: no update: the mirror failed"), notices);
    problem = Optional.empty();
    assertEquals("taken: " + TARGET, desk.look(Optional.empty()).getFirst().text());
    problem = Optional.of("the mirror failed");
    desk.look(Optional.empty());
    assertEquals(2, notices.size());
  }

  /// Frozen or not; and where there is nothing to fall back to, its owner hears of it.
  @Test
  void whatIsRevokedIsTakenBack() throws Exception {
    channel = "revoked";
    assertEquals("nothing is old enough, or of its channels", lookText());
    life = good(Life.EMPTY, DIGEST);
    assertEquals("no update: there is nothing to fall back to", lookText());
    assertEquals(1, notices.size());
    life = good(good(Life.EMPTY, Sha256.ofText("before")), DIGEST);
    file.change(SIGMA, was -> was == null ? null : was.frozen(true));
    assertEquals("taken back: version=2", lookText());
    assertEquals(List.of("2 revoked by its vendor and a trial runner"), backs);
    channel = "stable";
    assertEquals("frozen", lookText());
    assertEquals(1, backs.size());
  }

  private String lookText() throws SupplyException {
    return desk.look(Optional.of(SIGMA)).getFirst().text();
  }

  private static Life good(Life was, Sha256 digest) {
    Instant now = Instant.EPOCH;
    long version = was.good().map(Release::version).orElse(0L) + 1;
    return was.offered(new Release(digest, "acme", "rules", version), now)
        .passed(now)
        .passed(now)
        .passed(now)
        .confirmed();
  }

  @Test
  void whatCannotBeReadMeansNothing() throws Exception {
    Files.writeString(state.resolve("updates.json"), "{");
    assertEquals(List.of(), desk.look(Optional.empty()));
    pass(Duration.ofHours(3));
    assertEquals(0, looks.get());
    assertEquals(1, notices.size(), notices::toString);
  }
}
