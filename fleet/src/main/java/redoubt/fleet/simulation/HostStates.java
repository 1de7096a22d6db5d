package redoubt.fleet.simulation;

/// What each simulated host is doing, and the counts that follow from it.
final class HostStates {
  // Whether it is there.
  static final byte AWAKE = 0;
  static final byte ASLEEP = 1;
  static final byte SILENT = 2;
  static final byte DEAD = 3;

  // What is true of it.
  static final byte RUNS_NEW = 1;
  static final byte ASKED = 2;
  static final byte HELD_BACK = 4;
  static final byte EXPOSED = 8;

  final byte[] presence;
  private final byte[] facts;
  private final World world;
  private long eligible;
  private long covered;
  private long running;
  private long runningAwake;
  private long exposed;
  private long hit;
  private long lost;

  HostStates(World world) {
    this.world = world;
    presence = new byte[world.hosts];
    facts = new byte[world.hosts];
  }

  boolean is(int host, byte fact) {
    return (facts[host] & fact) != 0;
  }

  void set(int host, byte fact, boolean value) {
    tally(host, -1);
    facts[host] = (byte) (value ? facts[host] | fact : facts[host] & ~fact);
    tally(host, 1);
  }

  void become(int host, byte newPresence) {
    tally(host, -1);
    presence[host] = newPresence;
    tally(host, 1);
    if (newPresence == DEAD) {
      lost++;
    }
  }

  /// Begins to count a host.
  void begin(int host, byte firstPresence) {
    presence[host] = firstPresence;
    tally(host, 1);
  }

  void activate(int host) {
    if (!is(host, EXPOSED)) {
      exposed++;
      hit += world.has(host, World.DEFECTIVE) ? 1 : 0;
    }
    set(host, (byte) (EXPOSED | RUNS_NEW), true);
  }

  private void tally(int host, int number) {
    boolean runs = is(host, RUNS_NEW) && presence[host] != DEAD;
    boolean awake = presence[host] == AWAKE;
    if (runs) {
      running += number;
      runningAwake += awake ? number : 0;
    }
    if (awake && world.window[host] < 0 && !world.has(host, World.PINNED) && !is(host, HELD_BACK)) {
      eligible += number;
      covered += runs ? number : 0;
    }
  }

  long eligible() {
    return eligible;
  }

  long covered() {
    return covered;
  }

  long running() {
    return running;
  }

  long runningAwake() {
    return runningAwake;
  }

  long exposed() {
    return exposed;
  }

  long hit() {
    return hit;
  }

  long lost() {
    return lost;
  }
}
