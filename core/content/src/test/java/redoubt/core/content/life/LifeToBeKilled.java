package redoubt.core.content.life;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;
import redoubt.core.content.ContentException;
import redoubt.core.disk.DiskSteps;
import redoubt.core.disk.FolderTree;

/// A process that goes on with the life of an engine's content, one bundle after the other, until
/// it is killed.
final class LifeToBeKilled {
  /// How many bundles it takes elsewhere first: it is to be killed at its work, and not while it
  /// loads classes.
  private static final int WARM = 3;

  private final LifeStore store;
  private final Path bundles;
  private final SplittableRandom dice;

  private LifeToBeKilled(Path folder, Path bundles, SplittableRandom dice) {
    store = new LifeStore(folder, new DiskSteps.Real());
    this.bundles = bundles;
    this.dice = dice;
  }

  /// Arguments: the store's folder, one for new bundles, a seed.
  public static void main(String[] arguments) throws Exception {
    Path bundles = Path.of(arguments[1]);
    SplittableRandom dice = new SplittableRandom(Long.parseLong(arguments[2]));
    Path elsewhere = Files.createTempDirectory("redoubt-killed-");
    LifeToBeKilled warm = new LifeToBeKilled(elsewhere, bundles, dice.split());
    for (int i = 0; i < WARM; i++) {
      warm.takeOne();
    }
    FolderTree.delete(elsewhere);
    LifeToBeKilled real = new LifeToBeKilled(Path.of(arguments[0]), bundles, dice);
    System.out.println("begun");
    while (true) {
      real.takeOne();
    }
  }

  /// Starts on what is there, decides about what was under way, and takes the next bundle some way.
  private void takeOne() throws IOException, ContentException {
    Life life = store.begin(Instant.EPOCH).start().life().settled(Life.Plan.CONTENT);
    store.write(life);
    if (life.candidate().isPresent()) {
      life = ended(life);
      store.write(life);
    }
    store.clear();
    long version = life.newest().values().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
    Path bundle = Bundles.make(bundles, version);
    life = life.offered(store.take(bundle), Instant.EPOCH);
    Files.delete(bundle);
    store.write(life);
    for (int i = dice.nextInt(4); i > 0; i--) {
      life = life.passed(Instant.EPOCH);
      store.write(life);
    }
  }

  private Life ended(Life life) {
    Life.Candidate on = life.candidate().orElseThrow();
    return on.stage() == Life.Stage.PROBATION && dice.nextBoolean()
        ? life.confirmed()
        : life.refused(on.release().digest(), "harm", Instant.EPOCH);
  }
}
