package redoubt.core.content.life;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;
import redoubt.core.disk.DiskSteps;

/// A process that goes on with the life of an engine's content, one bundle after the other, until
/// it is killed.
final class LifeToBeKilled {
  private LifeToBeKilled() {}

  /// Arguments: the store's folder, one for new bundles, a seed.
  public static void main(String[] arguments) throws Exception {
    LifeStore store = new LifeStore(Path.of(arguments[0]), new DiskSteps.Real());
    Path bundles = Path.of(arguments[1]);
    SplittableRandom dice = new SplittableRandom(Long.parseLong(arguments[2]));
    System.out.println("begun");
    while (true) {
      Life life = store.begin(Instant.EPOCH).start().life().settled(Life.Plan.CONTENT);
      store.write(life);
      if (life.candidate().isPresent()) {
        life = ended(life, dice);
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
  }

  private static Life ended(Life life, SplittableRandom dice) {
    Life.Candidate on = life.candidate().orElseThrow();
    return on.stage() == Life.Stage.PROBATION && dice.nextBoolean()
        ? life.confirmed()
        : life.refused(on.release().digest(), "harm", Instant.EPOCH);
  }
}
