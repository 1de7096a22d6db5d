package redoubt.fleet.rollout;

import static redoubt.fleet.rollout.HostTable.ACTIVE;
import static redoubt.fleet.rollout.HostTable.CONFIRMED;
import static redoubt.fleet.rollout.HostTable.FAILED;
import static redoubt.fleet.rollout.HostTable.IDLE;
import static redoubt.fleet.rollout.HostTable.LEASED;
import static redoubt.fleet.rollout.HostTable.ONLINE;
import static redoubt.fleet.rollout.HostTable.PINNED;
import static redoubt.fleet.rollout.HostTable.ROLLED_BACK;
import static redoubt.fleet.rollout.HostTable.WAITING;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  /// A longer time without a tick is a gap of our own, or a clock that was set: nobody was
  /// listening.
  private static final int GAP_SECONDS = 60;

  private enum Phase {
    PREPARED,
    RUNNING,
    HALTED
  }

  private final RolloutPlan plan;
  private final OpenHours hours;
  private final HostTable hosts;
  private final RingDraw draw;
  private final FlowControl flow;
  private final Comparison comparison;
  private final HealthGate gate;
  private final SilenceWatch silence;
  private final Pulse pulse;
  private final RingProgress rings;
  private List<RolloutCommand> commands = new ArrayList<>();
  private Phase phase = Phase.PREPARED;
  private boolean killed;
  private boolean rollingBack;
  private long origin = Long.MIN_VALUE;
  private int now;
  private int lastTick;
  private int leases;
  private long online;

  /// Prepares it; [OwnerOrder.Start] begins it.
  ///
  /// @param plan what the owner decided
  /// @param windows the maintenance windows that hosts name by their place here, at most 127
  /// @param expectedHosts for how many hosts to have room at first
  public Rollout(RolloutPlan plan, List<MaintenanceWindow> windows, int expectedHosts) {
    this.plan = plan;
    this.hours = new OpenHours(windows);
    this.hosts = new HostTable(expectedHosts);
    this.draw = new RingDraw(plan);
    this.flow = new FlowControl(plan.flow());
    this.comparison = new Comparison(hosts, plan.watch().alpha());
    this.gate = comparison.gate();
    this.silence = new SilenceWatch(hosts, plan.watch().silentAfterSeconds());
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

  private void enrol(int host, HostTraits traits) {
    if (host > hosts.size() || host < 0) {
      throw new IllegalArgumentException("host out of turn: host=" + host);
    }
    boolean known = host < hosts.size();
    if (known && hosts.status[host] >= LEASED) {
      // What it is counted as stays as it was, or its kind would be well of a host it never had.
      return;
    }
    if (known) {
      comparison.stopWatching(host);
      hosts.describe(host, traits);
      comparison.watch(host);
      return;
    }
    hosts.add();
    hosts.describe(host, traits);
    if (phase != Phase.PREPARED) {
      hosts.ring[host] = draw.late(host, traits.labels());
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
    hosts.requireKnown(host);
    hosts.lastHeard[host] = now;
    if (!hosts.is(host, ONLINE)) {
      setOnline(host, true);
      comparison.watch(host);
    }
  }

  private void setOnline(int host, boolean value) {
    hosts.set(host, ONLINE, value);
    online += value ? 1 : -1;
    rings.count(hosts.ring[host], hosts.is(host, PINNED) ? 0 : value ? 1 : -1);
  }

  private void wentAway(int host) {
    hosts.requireKnown(host);
    if (hosts.is(host, ONLINE)) {
      comparison.stopWatching(host);
      setOnline(host, false);
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
      comparison.stopWatching(host);
      hosts.status[host] = LEASED;
      hosts.grantedAt[host] = now;
      hosts.lease[host] = ++leases;
      flow.expose(hosts.kind[host], hosts.site[host]);
      comparison.watch(host);
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

  private boolean isInItsHours(int host) {
    return hours.isOpen(hosts.window[host], origin + now);
  }

  private @Nullable Refusal whyNot(int host) {
    Refusal refusal = whyNobody();
    if (refusal != null) {
      return refusal;
    }
    if (hosts.is(host, PINNED)) {
      return Refusal.PINNED;
    }
    if (!isInItsHours(host)) {
      return Refusal.OUTSIDE_MAINTENANCE_WINDOW;
    }
    if (hosts.ring[host] == RingDraw.HELD_BACK) {
      return Refusal.HELD_BACK;
    }
    if (hosts.ring[host] > rings.open()) {
      return Refusal.RING_NOT_OPEN;
    }
    return flow.room() > 0 && flow.admits(hosts.kind[host], hosts.site[host])
        ? null
        : Refusal.WINDOW_FULL;
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
    comparison.stopWatching(host);
    if (hosts.status[host] == CONFIRMED) {
      flow.withdraw(hosts.kind[host], hosts.site[host]);
      rings.confirm(hosts.ring[host], -1);
    }
    if (hosts.isTreated(host)) {
      rings.fail(hosts.ring[host]);
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

  private void count(int host, Symptom symptom) {
    if (phase == Phase.RUNNING) {
      comparison.count(host, symptom);
    }
  }

  private void judge() {
    if (phase == Phase.RUNNING && (gate.findHalt().isPresent() || rings.isHopeless())) {
      halt(RolloutCommand.Reason.BAD_HEALTH, gate.evidence());
    }
  }

  private void halt(RolloutCommand.Reason reason, RolloutCommand.Evidence evidence) {
    phase = Phase.HALTED;
    rollingBack |= reason == RolloutCommand.Reason.BAD_HEALTH && plan.watch().rollsBack();
    commands.add(new RolloutCommand.Halt(reason, evidence));
  }

  private void silent(int host) {
    if (silence.isNews(hosts.site[host], now)) {
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
    comparison.advance(now);
    if (pulse.isDown()) {
      if (!wasDown && phase == Phase.RUNNING) {
        commands.add(new RolloutCommand.Freeze(pulse.heard(), online));
      }
      return;
    }
    if (wasDown) {
      thaw();
    }
    silence.sweep(now, passed, this::silent);
    judge();
    if (phase == Phase.RUNNING) {
      flow.pass(passed);
      promote();
    }
  }

  private void thaw() {
    pulse.takeAsBack();
    // What was not heard while nobody listened is nobody's silence.
    hosts.hearAll(now);
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
      case OwnerOrder.Halt() -> haltIf(phase == Phase.RUNNING, RolloutCommand.Reason.OWNER);
      case OwnerOrder.Resume() -> resume();
      case OwnerOrder.RollBack() -> {
        rollingBack |= phase != Phase.PREPARED;
        haltIf(phase != Phase.PREPARED, RolloutCommand.Reason.OWNER);
      }
      case OwnerOrder.KillVendor(String vendor) -> {
        if (vendor.equals(plan.bundle().vendor())) {
          killed = true;
          haltIf(phase != Phase.PREPARED, RolloutCommand.Reason.VENDOR_KILLED);
        }
      }
      case OwnerOrder.ReviveVendor(String vendor) ->
          killed &= !vendor.equals(plan.bundle().vendor());
      case OwnerOrder.Pin(int host) -> pin(host, true);
      case OwnerOrder.Unpin(int host) -> pin(host, false);
      case OwnerOrder.SetWindow(int number, var window) -> hours.set(number, window);
    }
  }

  private void haltIf(boolean applies, RolloutCommand.Reason reason) {
    if (applies) {
      halt(reason, gate.evidence());
    }
  }

  private void pin(int host, boolean value) {
    hosts.requireKnown(host);
    if (hosts.is(host, PINNED) != value) {
      hosts.set(host, PINNED, value);
      rings.belong(hosts.ring[host], hosts.is(host, ONLINE), value ? -1 : 1);
    }
  }

  private void start() {
    if (phase != Phase.PREPARED) {
      return;
    }
    draw.draw(hosts, this::isInItsHours);
    rings.begin(now, hosts);
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
      rings.setFailuresAside();
      rollingBack = false;
      phase = Phase.RUNNING;
    }
  }

  /// What it has come to, in numbers.
  public RolloutStatus status() {
    return RolloutStatus.of(
        phase == Phase.RUNNING, rollingBack, online, pulse, rings, flow, gate.evidence());
  }

  /// The same ring by ring. Looks at every host.
  public List<RingStatus> rings() {
    return RingStatus.of(plan.rings(), rings.open(), hosts);
  }

  /// A number that differs, all but certainly, when any part of the state does. Looks at every
  /// host.
  public long digest() {
    long rest =
        RingDraw.mix(phase == Phase.PREPARED ? 0 : phase == Phase.RUNNING ? 1 : 2)
            ^ RingDraw.mix(((long) now << 32) | lastTick)
            ^ RingDraw.mix(((long) leases << 32) | silence.sweptTo())
            ^ RingDraw.mix((killed ? 1 : 0) | (pulse.heard() << 1))
            ^ RingDraw.mix(Double.doubleToLongBits(gate.logEvidence()))
            ^ RingDraw.mix(flow.exposed() ^ (flow.healthy() << 32));
    return RingDraw.mix(hosts.digest() ^ rest);
  }
}
