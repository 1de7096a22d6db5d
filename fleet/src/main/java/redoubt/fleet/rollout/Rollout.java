package redoubt.fleet.rollout;

import static redoubt.fleet.rollout.HostTable.ACTIVE;
import static redoubt.fleet.rollout.HostTable.CONFIRMED;
import static redoubt.fleet.rollout.HostTable.COUNTED;
import static redoubt.fleet.rollout.HostTable.FAILED;
import static redoubt.fleet.rollout.HostTable.IDLE;
import static redoubt.fleet.rollout.HostTable.LEASED;
import static redoubt.fleet.rollout.HostTable.ONLINE;
import static redoubt.fleet.rollout.HostTable.PINNED;
import static redoubt.fleet.rollout.HostTable.ROLLED_BACK;
import static redoubt.fleet.rollout.HostTable.WAITING;
import static redoubt.fleet.rollout.HostTable.WATCHED;
import static redoubt.fleet.rollout.RingDraw.HELD_BACK;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.fleet.evidence.Age;

/// The controller of one rollout: a state machine that [#step] drives.
///
/// A host activates only with a lease. One is granted only while the owner lets it run, telemetry
/// is there, the host's ring is open, neither pin nor maintenance window says no, and [Flow] has
/// room. Silence is a failure; no telemetry is a freeze; evidence of harm is a halt and a rollback.
///
/// The state is changed in place, since it may be of millions of hosts; it is deterministic all the
/// same, so the journal of events and their times gives it back, with the same commands. A server
/// writes an event down before it steps: a lease that was decided and never sent is granted again,
/// as the same lease, when its host asks again. Not thread-safe.
public final class Rollout implements RolloutController {
  /// How long the whole fleet takes to be looked at for silent hosts.
  private static final int SWEEP_SECONDS = 15;

  /// A longer time without a tick is a gap of our own, or a clock that was set: nobody was
  /// listening.
  private static final int GAP_SECONDS = 60;

  /// One site counts once in this time: when its line fails, that is one event and not a hundred.
  private static final int SITE_SECONDS = 600;

  private enum Phase {
    PREPARED,
    RUNNING,
    HALTED
  }

  private final RolloutPlan plan;
  private final List<MaintenanceWindow> windows;
  private final boolean[] windowOpen;
  private final HostTable hosts;
  private final RingDraw draw;
  private final FlowControl flow;
  private final RiskSets risk = new RiskSets();
  private final HealthGate gate;
  private final Pulse pulse;
  private final RingProgress rings;
  private long[] labels = new long[0];
  private int[] siteSilentAt = new int[0];
  private List<RolloutCommand> commands = new ArrayList<>();
  private Phase phase = Phase.PREPARED;
  private boolean killed;
  private boolean rollingBack;
  private long origin = Long.MIN_VALUE;
  private long windowsLookedAt = Long.MIN_VALUE;
  private int now;
  private int lastTick;
  private int sweptTo;
  private int leases;
  private long online;

  /// Prepares it; [OwnerOrder.Start] begins it.
  ///
  /// @param plan what the owner decided
  /// @param windows the maintenance windows that hosts name by their place here, at most 127
  /// @param expectedHosts for how many hosts to have room at first
  public Rollout(RolloutPlan plan, List<MaintenanceWindow> windows, int expectedHosts) {
    this.plan = plan;
    this.windows = List.copyOf(windows);
    this.windowOpen = new boolean[windows.size()];
    this.hosts = new HostTable(expectedHosts);
    this.draw = new RingDraw(plan);
    this.flow = new FlowControl(plan.flow());
    this.gate = new HealthGate(plan.watch().alpha());
    this.pulse = new Pulse(plan.watch().heartbeatSeconds());
    this.rings = new RingProgress(plan.rings());
  }

  @Override
  public List<RolloutCommand> step(RolloutEvent event, long nowSeconds) {
    if (origin == Long.MIN_VALUE) {
      origin = nowSeconds;
    }
    // A clock that is set back stands still for us.
    now = (int) Math.max(now, nowSeconds - origin);
    switch (event) {
      case RolloutEvent.HostEnrolled(int host, HostTraits traits) -> enrol(host, traits);
      case RolloutEvent.Heartbeats(HostBatch batch) -> hear(batch);
      case RolloutEvent.LeaseRequested(int host) -> request(host);
      case RolloutEvent.ActivationStarted(int host, int lease) -> started(host, lease);
      case RolloutEvent.Confirmed(int host, int lease, String digest) ->
          confirmed(host, lease, digest);
      case RolloutEvent.Running(int host, String digest) -> running(host, digest);
      case RolloutEvent.Failed(int host, Symptom symptom) -> failed(host, symptom);
      case RolloutEvent.RolledBack(int host) -> rolledBack(host);
      case RolloutEvent.WentAway(int host) -> wentAway(host);
      case RolloutEvent.Owner(OwnerOrder order) -> obey(order);
      case RolloutEvent.Tick() -> tick();
    }
    List<RolloutCommand> result = commands;
    commands = result.isEmpty() ? result : new ArrayList<>();
    return result;
  }

  // Hosts.

  private void enrol(int host, HostTraits traits) {
    if (host > hosts.size() || host < 0) {
      throw new IllegalArgumentException("host out of turn: host=" + host);
    }
    boolean known = host < hosts.size();
    if (known) {
      stopWatching(host);
    } else {
      hosts.add();
    }
    hosts.describe(host, traits);
    if (traits.labels() != 0 || host < labels.length) {
      if (host >= labels.length) {
        labels = Arrays.copyOf(labels, Math.max(host + 1, host + host / 2));
      }
      labels[host] = traits.labels();
    }
    if (!known && phase != Phase.PREPARED) {
      // Whoever comes later is never among the first.
      hosts.ring[host] = (byte) (plan.rings().size() - 1);
    }
    if (known) {
      watch(host);
    }
  }

  private void hear(HostBatch batch) {
    pulse.hear(batch.size());
    boolean open = phase == Phase.RUNNING && !pulse.isDown();
    for (int i = 0; i < batch.size(); i++) {
      int host = batch.host(i);
      heard(host);
      byte status = hosts.status[host];
      if (status == WAITING) {
        if (open && flow.room() > 0) {
          grant(host);
        }
      } else if (rollingBack) {
        sendBack(host);
      }
    }
  }

  /// A sign of life.
  private void heard(int host) {
    hosts.lastHeard[host] = now;
    if (!hosts.is(host, ONLINE)) {
      setOnline(host, true);
      watch(host);
    }
  }

  private void setOnline(int host, boolean value) {
    hosts.set(host, ONLINE, value);
    online += value ? 1 : -1;
    rings.count(hosts.ring[host], value ? 1 : -1);
  }

  private void wentAway(int host) {
    if (hosts.is(host, ONLINE)) {
      stopWatching(host);
      setOnline(host, false);
    }
  }

  /// Puts a host at risk in the comparison, unless its first symptom has been counted.
  private void watch(int host) {
    if (hosts.is(host, ONLINE) && !hosts.is(host, COUNTED) && !hosts.is(host, WATCHED)) {
      hosts.set(host, WATCHED, true);
      addToRisk(host, 1);
    }
  }

  private void stopWatching(int host) {
    if (hosts.is(host, WATCHED)) {
      hosts.set(host, WATCHED, false);
      addToRisk(host, -1);
    }
  }

  private void addToRisk(int host, int number) {
    if (hosts.status[host] < LEASED) {
      risk.addControl(hosts.deviceClass[host], number);
    } else if (hosts.isTreated(host)) {
      risk.addTreated(hosts.deviceClass[host], hosts.grantedAt[host], number);
    }
  }

  // Leases.

  private void request(int host) {
    heard(host);
    switch (hosts.status[host]) {
      case IDLE, WAITING -> {
        hosts.status[host] = WAITING;
        Refusal refusal = grant(host);
        if (refusal != null) {
          refuse(host, refusal);
        }
      }
      case LEASED -> {
        // The answer was lost, or had not been sent when this server died.
        Refusal refusal = whyNobody();
        if (refusal == null) {
          sendLease(host);
        } else {
          refuse(host, refusal);
        }
      }
      case ACTIVE, CONFIRMED -> refuse(host, Refusal.ACTIVE_ALREADY);
      default -> refuse(host, Refusal.FAILED_HERE_BEFORE);
    }
  }

  private @Nullable Refusal grant(int host) {
    Refusal refusal = whyNot(host);
    if (refusal == null) {
      stopWatching(host);
      hosts.status[host] = LEASED;
      hosts.grantedAt[host] = now;
      hosts.lease[host] = ++leases;
      flow.expose(hosts.kind[host], hosts.site[host]);
      watch(host);
      sendLease(host);
    }
    return refusal;
  }

  private @Nullable Refusal whyNobody() {
    if (killed) {
      return Refusal.VENDOR_KILLED;
    }
    return switch (phase) {
      case PREPARED -> Refusal.NOT_STARTED;
      case HALTED -> Refusal.HALTED;
      case RUNNING -> pulse.isDown() ? Refusal.FROZEN : null;
    };
  }

  private @Nullable Refusal whyNot(int host) {
    Refusal refusal = whyNobody();
    if (refusal != null) {
      return refusal;
    }
    if (hosts.is(host, PINNED)) {
      return Refusal.PINNED;
    }
    if (!isWindowOpen(host)) {
      return Refusal.OUTSIDE_MAINTENANCE_WINDOW;
    }
    if (hosts.ring[host] == HELD_BACK) {
      return Refusal.HELD_BACK;
    }
    if (hosts.ring[host] > rings.open()) {
      return Refusal.RING_NOT_OPEN;
    }
    return flow.room() > 0 && flow.admits(hosts.kind[host], hosts.site[host])
        ? null
        : Refusal.WINDOW_FULL;
  }

  private boolean isWindowOpen(int host) {
    int window = hosts.window[host];
    if (window < 0) {
      return true;
    }
    if (windowsLookedAt != now) {
      windowsLookedAt = now;
      for (int i = 0; i < windowOpen.length; i++) {
        windowOpen[i] = windows.get(i).isOpen(origin + now);
      }
    }
    return window < windowOpen.length && windowOpen[window];
  }

  private void sendLease(int host) {
    long notAfter = origin + now + plan.watch().leaseSeconds();
    commands.add(
        new RolloutCommand.GrantLease(
            new Lease(
                host, plan.bundle().digest(), hosts.ring[host], notAfter, hosts.lease[host])));
  }

  private void refuse(int host, Refusal reason) {
    commands.add(new RolloutCommand.RefuseLease(host, reason));
  }

  // What becomes of them.

  private void started(int host, int lease) {
    heard(host);
    if (hosts.status[host] == LEASED && hosts.lease[host] == lease) {
      hosts.status[host] = ACTIVE;
    }
  }

  private void confirmed(int host, int lease, String digest) {
    heard(host);
    byte status = hosts.status[host];
    if ((status != LEASED && status != ACTIVE) || hosts.lease[host] != lease) {
      return;
    }
    if (!digest.equals(plan.bundle().digest())) {
      failed(host, Symptom.FELL_BACK);
    } else if (now - hosts.grantedAt[host] >= plan.watch().soakSeconds()) {
      // By our clock: nobody can have run it for longer than since its lease.
      hosts.status[host] = CONFIRMED;
      flow.confirm(hosts.kind[host], hosts.site[host]);
      rings.confirm(hosts.ring[host], 1);
    }
  }

  private void running(int host, String digest) {
    heard(host);
    boolean ours = digest.equals(plan.bundle().digest());
    byte status = hosts.status[host];
    if (status == LEASED && ours) {
      hosts.status[host] = ACTIVE;
    } else if ((status == ACTIVE || status == CONFIRMED) && !ours) {
      failed(host, Symptom.FELL_BACK);
    }
  }

  private void failed(int host, Symptom symptom) {
    heard(host);
    count(host, symptom);
    if (hosts.isTreated(host)) {
      leave(host, FAILED);
    }
    judge();
    if (rollingBack) {
      sendBack(host);
    }
  }

  private void rolledBack(int host) {
    heard(host);
    if (hosts.status[host] < LEASED) {
      return;
    }
    if (!rollingBack && hosts.isTreated(host)) {
      count(host, Symptom.FELL_BACK);
    }
    leave(host, ROLLED_BACK);
    judge();
  }

  /// The host has the bundle no more, or not well.
  private void leave(int host, byte status) {
    stopWatching(host);
    if (hosts.status[host] == CONFIRMED) {
      flow.withdraw(hosts.kind[host], hosts.site[host]);
      rings.confirm(hosts.ring[host], -1);
    }
    hosts.status[host] = status;
  }

  private void sendBack(int host) {
    byte status = hosts.status[host];
    if (status >= LEASED && status <= FAILED && !hosts.is(host, PINNED)) {
      commands.add(new RolloutCommand.RollBack(host));
    }
  }

  // Health.

  /// Takes in the first symptom of a host.
  private void count(int host, Symptom symptom) {
    if (!hosts.is(host, WATCHED) || phase != Phase.RUNNING) {
      return;
    }
    int deviceClass = hosts.deviceClass[host];
    long control = risk.control(deviceClass);
    if (hosts.isTreated(host)) {
      Age age = risk.age(hosts.grantedAt[host]);
      gate.treatedEvent(symptom, age, risk.treated(deviceClass, age), control);
    } else {
      gate.controlEvents(symptom, age -> risk.treated(deviceClass, age), control, 1);
    }
    stopWatching(host);
    hosts.set(host, COUNTED, true);
  }

  private void judge() {
    if (phase == Phase.RUNNING) {
      gate.findHalt().ifPresent(evidence -> halt(RolloutCommand.Reason.BAD_HEALTH, evidence));
    }
  }

  private void halt(RolloutCommand.Reason reason, RolloutCommand.Evidence evidence) {
    phase = Phase.HALTED;
    rollingBack |= reason == RolloutCommand.Reason.BAD_HEALTH && plan.watch().rollsBack();
    commands.add(new RolloutCommand.Halt(reason, evidence));
  }

  /// Finds hosts that have fallen silent, in a part of the fleet.
  private void sweep(int seconds) {
    long part = (long) hosts.size() * seconds / SWEEP_SECONDS + 1;
    int silentSince = now - plan.watch().silentAfterSeconds();
    for (long i = Math.min(part, hosts.size()); i > 0; i--) {
      sweptTo = sweptTo + 1 < hosts.size() ? sweptTo + 1 : 0;
      if (hosts.lastHeard[sweptTo] < silentSince && hosts.is(sweptTo, ONLINE)) {
        silent(sweptTo);
      }
    }
  }

  private void silent(int host) {
    int site = hosts.site[host];
    if (site >= siteSilentAt.length) {
      int known = siteSilentAt.length;
      siteSilentAt = Arrays.copyOf(siteSilentAt, site + 1 + site / 2);
      Arrays.fill(siteSilentAt, known, siteSilentAt.length, -SITE_SECONDS);
    }
    if (now - siteSilentAt[site] >= SITE_SECONDS) {
      siteSilentAt[site] = now;
      count(host, Symptom.SILENCE);
    }
    wentAway(host);
  }

  // Time and the owner.

  private void tick() {
    int passed = now - lastTick;
    lastTick = now;
    boolean wasDown = pulse.isDown();
    if (passed > GAP_SECONDS) {
      pulse.takeAsDown();
      pulse.begin(now, online);
    } else {
      pulse.look(now, online);
    }
    risk.advance(now);
    if (pulse.isDown()) {
      if (!wasDown && phase == Phase.RUNNING) {
        commands.add(new RolloutCommand.Freeze(pulse.heard(), online));
      }
      return;
    }
    if (wasDown) {
      thaw();
    }
    sweep(passed);
    judge();
    if (phase == Phase.RUNNING) {
      flow.pass(passed);
      promote();
    }
  }

  private void thaw() {
    pulse.takeAsBack();
    // What was not heard while nobody listened is nobody's silence.
    for (int host = 0; host < hosts.size(); host++) {
      if (hosts.is(host, ONLINE)) {
        hosts.lastHeard[host] = now;
      }
    }
    if (phase == Phase.RUNNING) {
      commands.add(new RolloutCommand.Thaw());
    }
  }

  private void promote() {
    while (rings.isReady(now) && !gate.isDoubtful()) {
      rings.openNext(now);
      announceRing();
    }
  }

  private void announceRing() {
    commands.add(new RolloutCommand.Promote(rings.open(), plan.rings().get(rings.open()).name()));
  }

  private void obey(OwnerOrder order) {
    switch (order) {
      case OwnerOrder.Start() -> start();
      case OwnerOrder.Halt() -> {
        if (phase == Phase.RUNNING) {
          halt(RolloutCommand.Reason.OWNER, gate.evidence());
        }
      }
      case OwnerOrder.Resume() -> resume();
      case OwnerOrder.RollBack() -> {
        rollingBack = true;
        halt(RolloutCommand.Reason.OWNER, gate.evidence());
      }
      case OwnerOrder.KillVendor(String vendor) -> {
        if (vendor.equals(plan.bundle().vendor())) {
          killed = true;
          halt(RolloutCommand.Reason.VENDOR_KILLED, gate.evidence());
        }
      }
      case OwnerOrder.ReviveVendor(String vendor) ->
          killed &= !vendor.equals(plan.bundle().vendor());
      case OwnerOrder.Pin(int host) -> hosts.set(host, PINNED, true);
      case OwnerOrder.Unpin(int host) -> hosts.set(host, PINNED, false);
    }
  }

  private void start() {
    if (phase != Phase.PREPARED) {
      return;
    }
    for (int host = 0; host < hosts.size(); host++) {
      hosts.ring[host] = draw.ringOf(host, host < labels.length ? labels[host] : 0);
    }
    draw.seeEveryKind(hosts);
    rings.begin(now);
    for (int host = 0; host < hosts.size(); host++) {
      if (hosts.is(host, ONLINE)) {
        rings.count(hosts.ring[host], 1);
      }
    }
    phase = killed ? Phase.HALTED : Phase.RUNNING;
    announceRing();
  }

  private void resume() {
    if (killed || phase == Phase.PREPARED) {
      return;
    }
    if (pulse.isDown()) {
      thaw();
      pulse.begin(now, online);
    }
    if (phase == Phase.HALTED) {
      gate.reset();
      rollingBack = false;
      phase = Phase.RUNNING;
    }
  }

  /// What it has come to, in numbers.
  public RolloutStatus status() {
    return new RolloutStatus(
        phase == Phase.RUNNING,
        pulse.isDown(),
        rollingBack,
        rings.open(),
        flow.exposed(),
        flow.healthy(),
        online,
        gate.evidence());
  }

  /// A number that differs, all but certainly, when any part of the state does. Looks at every
  /// host.
  public long digest() {
    long sum = hosts.digest();
    for (long fact :
        new long[] {
          phase == Phase.PREPARED ? 0 : phase == Phase.RUNNING ? 1 : 2,
          killed ? 1 : 0,
          rollingBack ? 1 : 0,
          now,
          lastTick,
          sweptTo,
          leases,
          online,
          rings.open(),
          flow.exposed(),
          flow.healthy(),
          Double.doubleToLongBits(gate.logEvidence()),
          pulse.isDown() ? 1 : 0,
          pulse.heard()
        }) {
      sum = RingDraw.mix(sum ^ fact);
    }
    return sum;
  }
}
