package redoubt.fleet.simulation;

import static redoubt.fleet.simulation.HostStates.ASKED;
import static redoubt.fleet.simulation.HostStates.ASLEEP;
import static redoubt.fleet.simulation.HostStates.AWAKE;
import static redoubt.fleet.simulation.HostStates.DEAD;
import static redoubt.fleet.simulation.HostStates.HELD_BACK;
import static redoubt.fleet.simulation.HostStates.RUNS_NEW;
import static redoubt.fleet.simulation.HostStates.SILENT;

import java.util.SplittableRandom;
import redoubt.fleet.rollout.HostBatch;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.Refusal;
import redoubt.fleet.rollout.Rollout;
import redoubt.fleet.rollout.RolloutCommand;
import redoubt.fleet.rollout.RolloutController;
import redoubt.fleet.rollout.RolloutEvent;
import redoubt.fleet.rollout.Symptom;
import redoubt.fleet.rollout.Watch;
import redoubt.fleet.simulation.Fault.Effect;

/// Host by host, second by second, with the real controller: every heartbeat of every host reaches
/// it.
///
/// Hosts of one heartbeat slot lie side by side, so that a second's heartbeats are one run through
/// memory. For one thread, once.
public final class FleetSimulation {
  /// Hears how far a run is.
  @FunctionalInterface
  public interface Listener {
    /// The run has got so far.
    ///
    /// @param second of the simulated time
    /// @param exposed how many hosts have activated the update
    void reached(int second, long exposed);
  }

  private static final int HOUR_SECONDS = 3_600;
  private static final int TICK_SECONDS = 5;
  private static final int RETRY_SECONDS = 30;

  /// What a host does next about the update.
  private enum Step {
    ASK(0),
    START(1),
    CONFIRM(2),
    FAIL(3),
    DROP_OUT(4),
    RETURN(5);

    private final byte number;

    Step(int number) {
      this.number = (byte) number;
    }
  }

  /// What a host does next by nature.
  private enum Habit {
    WAIT(0),
    SLEEP(1),
    FALL_SILENT(2),
    AIL(3),
    WAKE(4),
    RETURN(5);

    private final byte number;

    Habit(int number) {
      this.number = (byte) number;
    }
  }

  private static final Step[] STEPS = Step.values();
  private static final Habit[] HABITS = Habit.values();

  private final Setup setup;
  private final Scenario scenario;
  private final World world;
  private final HostStates states;
  private final RolloutController controller;
  private final SplittableRandom random;
  private final Calendar habits;
  private final Calendar steps;
  private final byte[] nextHabit;
  private final byte[] nextStep;
  private final int[] since;
  private final int[] lease;
  private final int[] siteDownUntil;
  private final Chronicle chronicle;
  private final int heartbeatSeconds = Watch.USUAL.heartbeatSeconds();
  private final int soakSeconds = Watch.USUAL.soakSeconds();
  private int second;

  /// Makes the world: takes about as long as a few simulated minutes.
  public FleetSimulation(Setup setup) {
    this.setup = setup;
    this.scenario = setup.scenario();
    SplittableRandom seeded = new SplittableRandom(setup.seed());
    this.world = new World(scenario, setup.hosts(), setup.liars(), seeded.split());
    this.random = seeded.split();
    this.states = new HostStates(world);
    this.chronicle = new Chronicle(setup, states);
    int hosts = setup.hosts();
    this.controller =
        setup.asItHappened()
            ? new PushEverywhere(
                Setup.BUNDLE.digest(), scenario.begin().getEpochSecond() + scenario.pushedSeconds())
            : new Rollout(setup.plan(), World.windows(), hosts);
    this.habits = new Calendar(hosts, setup.horizonSeconds());
    this.steps = new Calendar(hosts, setup.horizonSeconds());
    this.nextHabit = new byte[hosts];
    this.nextStep = new byte[hosts];
    this.since = new int[hosts];
    this.lease = new int[hosts];
    this.siteDownUntil = new int[world.sites];
  }

  /// Runs to the end.
  public Outcome run(Listener listener) {
    populate();
    int end = setup.horizonSeconds();
    for (second = 0; second < end && !chronicle.isOver(second); second++) {
      failSites();
      live();
      advance();
      heartbeats();
      if (second % TICK_SECONDS == 0) {
        tell(new RolloutEvent.Tick());
        chronicle.measure(second);
        listener.reached(second, states.exposed());
      }
    }
    return chronicle.outcome(second);
  }

  private void populate() {
    int[] awake = new int[world.hosts];
    int count = 0;
    for (int host = 0; host < world.hosts; host++) {
      boolean isAwake = world.isAwakeAtFirst(host, random);
      states.begin(host, isAwake ? AWAKE : ASLEEP);
      tell(new RolloutEvent.HostEnrolled(host, world.traitsOf(host)));
      if (world.has(host, World.PINNED)) {
        tell(new RolloutEvent.Owner(new OwnerOrder.Pin(host)));
      }
      if (isAwake) {
        awake[count++] = host;
        fetch(host);
      }
      planHabit(host);
    }
    tell(new RolloutEvent.Heartbeats(HostBatch.of(awake, count)));
    tell(new RolloutEvent.Owner(new OwnerOrder.Start()));
  }

  // What hosts do by nature.

  private void live() {
    for (int host = habits.take(second); host >= 0; ) {
      int after = habits.after(host);
      follow(host, HABITS[nextHabit[host]]);
      host = after;
    }
  }

  private void follow(int host, Habit habit) {
    byte presence = states.presence[host];
    if (presence == DEAD) {
      return;
    }
    switch (habit) {
      case SLEEP -> {
        if (presence == AWAKE) {
          boolean saysGoodbye = random.nextDouble() < World.GOODBYES && isHeard(host);
          states.become(host, ASLEEP);
          if (saysGoodbye) {
            tell(new RolloutEvent.WentAway(host));
          }
        }
      }
      case FALL_SILENT -> {
        if (presence == AWAKE) {
          states.become(host, SILENT);
        }
      }
      case AIL -> {
        if (presence == AWAKE && isHeard(host)) {
          ail(host);
        }
      }
      case WAKE -> {
        if (presence == ASLEEP) {
          wake(host);
        }
      }
      case RETURN -> {
        if (presence == SILENT) {
          wake(host);
        }
      }
      case WAIT -> {}
    }
    planHabit(host);
  }

  private void wake(int host) {
    states.become(host, AWAKE);
    if (!states.is(host, ASKED)) {
      fetch(host);
    }
  }

  private void ail(int host) {
    double draw = random.nextDouble();
    Symptom symptom =
        draw < World.AILS_BY_CRASHES
            ? Symptom.CRASH_LOOP
            : draw < World.AILS_BY_CRASHES + World.AILS_BY_MEMORY
                ? Symptom.MEMORY
                : Symptom.DEADLINE_MISSES;
    fallBack(host, symptom);
  }

  private void planHabit(int host) {
    if (states.presence[host] == ASLEEP) {
      planHabit(host, Habit.WAKE, exponential(HOUR_SECONDS / world.wakesPerHour(host, second)));
      return;
    }
    if (states.presence[host] == SILENT) {
      planHabit(host, Habit.RETURN, 1 + exponential(World.RETURN_SECONDS));
      return;
    }
    double sleeps = world.sleepsPerHour(host, second);
    double silences = world.silencesPerHour(host, second);
    double all = sleeps + silences + World.ailsPerHour();
    double draw = random.nextDouble() * all;
    Habit habit =
        draw < sleeps ? Habit.SLEEP : draw < sleeps + silences ? Habit.FALL_SILENT : Habit.AIL;
    planHabit(host, habit, exponential(HOUR_SECONDS / all));
  }

  /// Within the hour; later, the host is looked at again, since day and night change its ways.
  private void planHabit(int host, Habit habit, long inSeconds) {
    boolean soon = inSeconds < HOUR_SECONDS;
    nextHabit[host] = (soon ? habit : Habit.WAIT).number;
    habits.add(host, second + 1 + (soon ? inSeconds : HOUR_SECONDS));
  }

  private void failSites() {
    double expected = world.sites * World.SITE_OUTAGES_PER_HOUR / HOUR_SECONDS;
    for (double left = expected; random.nextDouble() < left; left--) {
      siteDownUntil[random.nextInt(world.sites)] =
          second + 1 + (int) exponential(World.OUTAGE_SECONDS);
    }
  }

  private boolean isHeard(int host) {
    return isConnected(host) && !scenario.isTelemetryDown(second);
  }

  private boolean isConnected(int host) {
    return states.presence[host] == AWAKE && siteDownUntil[world.site[host]] <= second;
  }

  private void heartbeats() {
    if (scenario.isTelemetryDown(second)) {
      return;
    }
    int slot = second % heartbeatSeconds;
    int from = (int) ((long) world.hosts * slot / heartbeatSeconds);
    int to = (int) ((long) world.hosts * (slot + 1) / heartbeatSeconds);
    int[] heard = new int[to - from];
    int count = 0;
    for (int host = from; host < to; host++) {
      if (isConnected(host)) {
        heard[count++] = host;
      }
    }
    tell(new RolloutEvent.Heartbeats(HostBatch.of(heard, count)));
  }

  // What they do about the update.

  private void fetch(int host) {
    if (!world.has(host, World.BAD_CLOCK)) {
      int link =
          world.has(host, World.SLOW_LINK) ? World.SLOW_LINK_SECONDS : World.QUICK_LINK_SECONDS;
      states.set(host, ASKED, true);
      plan(host, Step.ASK, exponential(link));
    }
  }

  private void plan(int host, Step step, long inSeconds) {
    nextStep[host] = step.number;
    steps.add(host, second + 1 + inSeconds);
  }

  private void advance() {
    for (int host = steps.take(second); host >= 0; ) {
      int after = steps.after(host);
      take(host, STEPS[nextStep[host]]);
      host = after;
    }
  }

  private void take(int host, Step step) {
    if (states.presence[host] == DEAD) {
      return;
    }
    if (step == Step.RETURN) {
      if (states.presence[host] == SILENT) {
        states.become(host, AWAKE);
      }
      plan(host, Step.CONFIRM, Math.max(1, since[host] + soakSeconds - second));
      return;
    }
    if (!isHeard(host)) {
      plan(host, step, RETRY_SECONDS + random.nextInt(RETRY_SECONDS));
      return;
    }
    switch (step) {
      case ASK -> tell(new RolloutEvent.LeaseRequested(host));
      case START -> start(host);
      case CONFIRM -> confirm(host);
      case FAIL -> fail(host);
      case DROP_OUT -> {
        states.become(host, SILENT);
        plan(host, Step.RETURN, 1 + exponential(World.RETURN_SECONDS));
      }
      case RETURN -> {}
    }
  }

  private void start(int host) {
    if (second - since[host] > Watch.USUAL.leaseSeconds()) {
      tell(new RolloutEvent.LeaseRequested(host));
      return;
    }
    states.activate(host);
    since[host] = second;
    tell(new RolloutEvent.ActivationStarted(host, lease[host]));
    boolean harmed = isHarmed(host);
    double extra =
        World.RESTART_EXTRA * world.silencesPerHour(host, second) * World.RESTART_SECONDS;
    if (harmed && scenario.fault().fuseSeconds() < soakSeconds) {
      plan(host, Step.FAIL, scenario.fault().fuseSeconds() + giveUpSeconds());
    } else if (!harmed && world.has(host, World.LIAR)) {
      plan(host, Step.FAIL, giveUpSeconds());
    } else if (random.nextDouble() < extra / HOUR_SECONDS) {
      plan(host, Step.DROP_OUT, random.nextInt(World.RESTART_SECONDS - TICK_SECONDS));
    } else {
      plan(host, Step.CONFIRM, soakSeconds + random.nextInt(TICK_SECONDS));
    }
  }

  /// How long it takes until the watchdog has tried the engine three times: 15 to 45 seconds. One
  /// that dies does so at once.
  private int giveUpSeconds() {
    return effect() == Effect.DIES ? 1 : 15 + random.nextInt(30);
  }

  /// Where it happened the engine was part of the kernel, and took the host with it.
  private Effect effect() {
    return setup.asItHappened() ? Effect.DIES : scenario.fault().effect();
  }

  private boolean isHarmed(int host) {
    return world.has(host, World.DEFECTIVE);
  }

  private void confirm(int host) {
    if (!states.is(host, RUNS_NEW) && !world.has(host, World.LIAR)) {
      return;
    }
    if (isHarmed(host) && states.is(host, RUNS_NEW)) {
      int left = since[host] + scenario.fault().fuseSeconds() - second;
      if (left > 0) {
        plan(host, Step.FAIL, left + giveUpSeconds());
      }
    }
    tell(new RolloutEvent.Confirmed(host, lease[host], Setup.BUNDLE.digest()));
  }

  private void fail(int host) {
    if (!states.is(host, RUNS_NEW)) {
      return;
    }
    Fault fault = scenario.fault();
    if (!isHarmed(host)) {
      fallBack(host, Symptom.CRASH_LOOP);
      return;
    }
    boolean lies = world.has(host, World.LIAR);
    switch (effect()) {
      case DIES -> states.become(host, DEAD);
      case FALLS_BACK -> {
        if (lies) {
          states.set(host, RUNS_NEW, false);
        } else {
          fallBack(host, fault.symptom());
        }
      }
      case DEGRADES -> {
        if (!lies) {
          tell(new RolloutEvent.Failed(host, fault.symptom()));
        }
      }
    }
    if (lies && states.presence[host] != DEAD) {
      plan(host, Step.CONFIRM, Math.max(0, since[host] + soakSeconds - second));
    }
  }

  /// The host says what is wrong, and is back on its last known good if it had left that.
  private void fallBack(int host, Symptom symptom) {
    boolean had = states.is(host, RUNS_NEW);
    states.set(host, RUNS_NEW, false);
    tell(new RolloutEvent.Failed(host, symptom));
    if (had) {
      tell(new RolloutEvent.RolledBack(host));
    }
  }

  // The controller.

  private void tell(RolloutEvent event) {
    for (RolloutCommand command :
        controller.step(event, scenario.begin().getEpochSecond() + second)) {
      obey(command);
    }
  }

  private void obey(RolloutCommand command) {
    switch (command) {
      case RolloutCommand.GrantLease(var granted) -> {
        since[granted.host()] = second;
        lease[granted.host()] = granted.counter();
        plan(granted.host(), Step.START, 1 + random.nextInt(TICK_SECONDS));
      }
      case RolloutCommand.RefuseLease(int host, Refusal reason) -> {
        if (reason == Refusal.HELD_BACK) {
          states.set(host, HELD_BACK, true);
        }
      }
      case RolloutCommand.RollBack(int host) -> {
        states.set(host, RUNS_NEW, false);
        tell(new RolloutEvent.RolledBack(host));
      }
      case RolloutCommand.Halt _,
          RolloutCommand.Freeze _,
          RolloutCommand.Thaw _,
          RolloutCommand.Promote _ ->
          chronicle.note(command, second);
    }
  }

  private long exponential(double meanSeconds) {
    return (long) (-Math.log(1 - random.nextDouble()) * meanSeconds);
  }
}
