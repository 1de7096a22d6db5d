package redoubt.fleet.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import redoubt.fleet.evidence.Age;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.fleet.rollout.FlowControl;
import redoubt.fleet.rollout.HealthGate;
import redoubt.fleet.rollout.Ring;
import redoubt.fleet.rollout.RingProgress;
import redoubt.fleet.rollout.RiskSets;
import redoubt.fleet.rollout.RolloutCommand;
import redoubt.fleet.rollout.RolloutPlan;
import redoubt.fleet.rollout.Symptom;
import redoubt.fleet.simulation.Fault.Effect;
import redoubt.fleet.simulation.Fault.Reach;

/// The same rollout in counts instead of hosts: milliseconds instead of a minute, for thousands of
/// seeds. Flow control, rings, risk sets and health gate are the controller's own classes; hosts of
/// one class that got the update in the same five seconds are one number.
///
/// It leaves out what needs single hosts: windows of kinds and sites, sleep during the run, wrong
/// reports, recovery. A test holds it against [FleetSimulation]. For one thread, once.
public final class CohortSimulation {
  private static final int STEP = 5;
  private static final int HEARTBEAT = 30;
  private static final double HOUR = 3_600;
  // From the lease to the confirmation: some seconds to start, the soak, and some to report.
  private static final int CONFIRM_AFTER = 125;
  // From the lease to the report of a fault without a fuse, and over how many steps it is spread.
  private static final int REPORT_AFTER = 20;
  private static final int REPORT_STEPS = 6;
  private static final int SILENCE_AFTER = 85;
  private static final DeviceClass[] CLASSES = DeviceClass.values();
  private static final double[] CLASS_SHARES = classShares();

  /// Hosts that do the same at the same time.
  private record Cohort(int deviceClass, int ring, int grantedAt, long hosts, Next next) {}

  private enum Next {
    CONFIRM,
    FAIL,
    CRY_WOLF,
    FALL_SILENT
  }

  private final Setup setup;
  private final Fault fault;
  private final RolloutPlan plan;
  private final Draws draws;
  private final FlowControl flow;
  private final RingProgress rings;
  private final RiskSets risk = new RiskSets();
  private final HealthGate gate;
  private final double harmedShare;
  private final List<List<Cohort>> due = new ArrayList<>();
  private final double[] candidates = new double[CLASSES.length];
  private final long[] granted;
  private final double[] ringShares;
  private double eligible;
  private int second;
  private long covered;
  private long hit;
  private long lost;
  private RolloutCommand.@Nullable Halt halt;
  private int haltedAfter = -1;
  private int coveredAfter = -1;

  /// Makes the cohorts.
  ///
  /// @throws IllegalArgumentException for a scenario in which telemetry is down, and for a push
  ///   without a controller, which need single hosts
  public CohortSimulation(Setup setup) {
    if (setup.asItHappened() || setup.scenario().telemetryDownFrom() >= 0) {
      throw new IllegalArgumentException("needs single hosts: scenario=" + setup.scenario().name());
    }
    this.setup = setup;
    this.fault = setup.scenario().fault();
    this.plan = setup.plan();
    this.draws = new Draws(new SplittableRandom(setup.seed()));
    this.flow = new FlowControl(plan.flow());
    this.rings = new RingProgress(plan.rings());
    this.gate = new HealthGate(plan.watch().alpha());
    this.harmedShare =
        switch (fault.reach()) {
          case Reach.Share(double share) -> share;
          case Reach.OneKind(int kind) -> World.kindShare(kind);
        };
    this.granted = new long[plan.rings().size()];
    this.ringShares = ringShares();
    for (int i = 0; i <= setup.horizonSeconds() / STEP; i++) {
      due.add(List.of());
    }
    populate();
  }

  private static double[] classShares() {
    double[] shares = new double[CLASSES.length];
    for (int kind = 0; kind < World.KINDS; kind++) {
      shares[World.classOfKind(kind).number()] += World.kindShare(kind);
    }
    return shares;
  }

  private double[] ringShares() {
    double[] shares = new double[plan.rings().size()];
    double before = 0;
    for (int ring = 0; ring < shares.length; ring++) {
      shares[ring] =
          plan.rings().get(ring).members() instanceof Ring.Members.Share(double share)
              ? share
              : 1 - plan.holdback() - before;
      if (ring == 0) {
        shares[ring] += (double) World.KINDS / setup.hosts();
      }
      before += shares[ring];
    }
    return shares;
  }

  private void populate() {
    for (DeviceClass deviceClass : CLASSES) {
      double awake = 0;
      for (int zone = 0; zone < World.zones(); zone++) {
        boolean night = World.isNight(zone, setup.scenario(), 0);
        awake += World.zoneShare(zone) * World.awakeShare(deviceClass, night);
      }
      long there = draws.binomial(setup.hosts(), CLASS_SHARES[deviceClass.number()] * awake);
      risk.addControl(deviceClass.number(), (int) there);
      double free = there * (1 - World.PINS) * (1 - World.WINDOWED);
      eligible += free * (1 - plan.holdback());
      candidates[deviceClass.number()] = free * (1 - World.BAD_CLOCKS);
    }
    for (int ring = 0; ring < ringShares.length; ring++) {
      rings.count(ring, (int) (eligible * ringShares[ring]));
    }
  }

  /// Runs to the end.
  public Outcome run() {
    int end = setup.horizonSeconds();
    for (second = 0; second < end && !isOver(); second += STEP) {
      risk.advance(second);
      for (Cohort cohort : due.get(second / STEP)) {
        take(cohort);
      }
      ail();
      if (halt == null) {
        judge();
      }
      if (halt == null) {
        grant();
      }
      if (coveredAfter < 0 && covered >= Chronicle.COVERED * eligible) {
        coveredAfter = second;
      }
    }
    return outcome();
  }

  private boolean isOver() {
    int fuse = fault.isNone() ? 0 : fault.fuseSeconds() + Chronicle.LINGER_SECONDS;
    return halt != null
        || (coveredAfter >= 0 && second > coveredAfter + Chronicle.LINGER_SECONDS + fuse);
  }

  // Leases.

  private void grant() {
    flow.pass(STEP);
    while (rings.isReady(second) && !gate.isDoubtful()) {
      rings.openNext(second);
    }
    double ready =
        1
            - (1 - World.SLOW_LINKS) * Math.exp((double) -second / World.QUICK_LINK_SECONDS)
            - World.SLOW_LINKS * Math.exp((double) -second / World.SLOW_LINK_SECONDS);
    double all = candidates[0] + candidates[1] + candidates[2];
    for (int ring = 0; ring <= rings.open(); ring++) {
      double waiting = all * ready * ringShares[ring] - granted[ring];
      // In one step a part of the hosts is heard of.
      long asking = draws.poisson(waiting * STEP / HEARTBEAT);
      long number = Math.min(flow.room(), Math.min(asking, (long) waiting));
      if (number > 0) {
        granted[ring] += number;
        flow.expose(number);
        split(ring, number, all);
      }
    }
  }

  private void split(int ring, long number, double all) {
    long left = number;
    double rest = all;
    for (int deviceClass = 0; deviceClass < CLASSES.length; deviceClass++) {
      boolean isLast = deviceClass == CLASSES.length - 1;
      long hosts = isLast ? left : draws.binomial(left, candidates[deviceClass] / rest);
      left -= hosts;
      rest -= candidates[deviceClass];
      if (hosts > 0) {
        activate(deviceClass, ring, hosts);
      }
    }
  }

  private void activate(int deviceClass, int ring, long hosts) {
    covered += hosts;
    risk.addControl(deviceClass, (int) -hosts);
    risk.addTreated(deviceClass, second, (int) hosts);
    long harmed = draws.binomial(hosts, harmedShare);
    hit += harmed;
    long lying = draws.binomial(harmed, setup.liars());
    long wolves = draws.binomial(hosts - harmed, setup.liars());
    boolean early = fault.fuseSeconds() < plan.watch().soakSeconds();
    long toFail = fault.effect() == Effect.DIES ? harmed : harmed - lying;
    long well = hosts - wolves - (early ? toFail : 0);
    double silence =
        (1 + World.RESTART_EXTRA) * silencesPerHour(deviceClass) * World.RESTART_SECONDS / HOUR;
    long dropped = draws.binomial(well, silence);
    enter(new Cohort(deviceClass, ring, second, well - dropped, Next.CONFIRM), CONFIRM_AFTER);
    spread(new Cohort(deviceClass, ring, second, toFail, Next.FAIL), failAfter());
    spread(new Cohort(deviceClass, ring, second, wolves, Next.CRY_WOLF), REPORT_AFTER);
    spread(
        new Cohort(deviceClass, ring, second, dropped, Next.FALL_SILENT),
        World.RESTART_SECONDS + HEARTBEAT);
  }

  private int failAfter() {
    return fault.fuseSeconds() + (fault.effect() == Effect.DIES ? SILENCE_AFTER : REPORT_AFTER);
  }

  private void spread(Cohort cohort, int afterSeconds) {
    long left = cohort.hosts();
    for (int i = 0; i < REPORT_STEPS && left > 0; i++) {
      long now = draws.binomial(left, 1.0 / (REPORT_STEPS - i));
      left -= now;
      enter(
          new Cohort(cohort.deviceClass(), cohort.ring(), cohort.grantedAt(), now, cohort.next()),
          afterSeconds + i * STEP);
    }
  }

  private void enter(Cohort cohort, int afterSeconds) {
    int step = (second + afterSeconds) / STEP;
    if (cohort.hosts() > 0 && step < due.size()) {
      if (due.get(step).isEmpty()) {
        due.set(step, new ArrayList<>());
      }
      due.get(step).add(cohort);
    }
  }

  // What becomes of them.

  private void take(Cohort cohort) {
    switch (cohort.next()) {
      case CONFIRM -> {
        flow.confirm(cohort.hosts());
        rings.confirm(cohort.ring(), (int) cohort.hosts());
      }
      case FAIL -> {
        boolean dies = fault.effect() == Effect.DIES;
        fail(cohort, dies ? Symptom.SILENCE : fault.symptom());
        lost += dies ? cohort.hosts() : 0;
        if (fault.fuseSeconds() >= plan.watch().soakSeconds()) {
          flow.confirm(-cohort.hosts());
          rings.confirm(cohort.ring(), (int) -cohort.hosts());
        }
      }
      case CRY_WOLF -> fail(cohort, Symptom.CRASH_LOOP);
      case FALL_SILENT -> fail(cohort, Symptom.SILENCE);
    }
  }

  private void fail(Cohort cohort, Symptom symptom) {
    Age age = risk.age(cohort.grantedAt());
    for (long i = 0; i < cohort.hosts(); i++) {
      long treated = risk.treated(cohort.deviceClass(), age);
      if (treated > 0 && halt == null) {
        gate.treatedEvent(symptom, age, treated, risk.control(cohort.deviceClass()));
        risk.addTreated(cohort.deviceClass(), cohort.grantedAt(), -1);
        judge();
      }
    }
  }

  /// What hosts do for reasons of their own.
  private void ail() {
    for (DeviceClass one : CLASSES) {
      int deviceClass = one.number();
      double silences = silencesPerHour(deviceClass) * STEP / HOUR;
      double ails = World.ailsPerHour() * STEP / HOUR;
      events(Symptom.SILENCE, deviceClass, silences);
      double crashes = World.AILS_BY_CRASHES;
      double memory = World.AILS_BY_MEMORY;
      events(Symptom.CRASH_LOOP, deviceClass, ails * crashes);
      events(Symptom.MEMORY, deviceClass, ails * memory);
      events(Symptom.DEADLINE_MISSES, deviceClass, ails * (1 - crashes - memory));
    }
  }

  private void events(Symptom symptom, int deviceClass, double chance) {
    long ofControl = draws.poisson(risk.control(deviceClass) * chance);
    if (ofControl > 0) {
      gate.controlEvents(
          symptom, age -> risk.treated(deviceClass, age), risk.control(deviceClass), ofControl);
    }
    for (Age age : Age.values()) {
      // The silence of the first minutes comes with the restart.
      if (symptom != Symptom.SILENCE || age != Age.UNDER_4_MIN) {
        for (long i = draws.poisson(risk.treated(deviceClass, age) * chance); i > 0; i--) {
          gate.treatedEvent(
              symptom, age, risk.treated(deviceClass, age), risk.control(deviceClass));
        }
      }
    }
  }

  private double silencesPerHour(int deviceClass) {
    double silences = 0;
    double awake = 0;
    for (int zone = 0; zone < World.zones(); zone++) {
      boolean night = World.isNight(zone, setup.scenario(), second);
      double there = World.zoneShare(zone) * World.awakeShare(CLASSES[deviceClass], night);
      awake += there;
      silences += there * World.silencesPerHour(CLASSES[deviceClass], night);
    }
    return silences / awake;
  }

  private void judge() {
    gate.findHalt()
        .ifPresent(evidence -> {
          haltedAfter = second;
          halt = new RolloutCommand.Halt(RolloutCommand.Reason.BAD_HEALTH, evidence);
        });
  }

  private Outcome outcome() {
    return new Outcome(
        setup.scenario().name(),
        setup.hosts(),
        setup.seed(),
        (long) eligible,
        covered,
        flow.exposed(),
        hit,
        lost,
        haltedAfter < 0 ? OptionalInt.empty() : OptionalInt.of(haltedAfter),
        halt,
        OptionalInt.empty(),
        coveredAfter < 0 ? OptionalInt.empty() : OptionalInt.of(coveredAfter),
        0,
        second,
        List.of());
  }
}
