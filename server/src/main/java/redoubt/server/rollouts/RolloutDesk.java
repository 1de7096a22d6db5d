package redoubt.server.rollouts;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.HostId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.Channel;
import redoubt.fleet.rollout.HostBatch;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.RolloutEvent;
import redoubt.fleet.rollout.Symptom;
import redoubt.server.identity.LeaseSigner;
import redoubt.server.plane.HostEvents;
import redoubt.server.plane.HostSession;
import redoubt.server.plane.Sessions;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.HostStore;
import redoubt.server.store.RefusedException;
import redoubt.server.store.RolloutEntry;
import redoubt.server.store.RolloutStore;
import redoubt.server.store.StandingOrders;

/// Drives the rollouts: writes down what hosts, owner and clock say, tells the controllers, and
/// does what they command. Thread-safe.
///
/// What came within a moment is one line of the journal, and nothing of it is acted on before that
/// is on disk. Whoever reads the journal from where a rollout begins has its controller as it was;
/// what it had commanded and was not sent, hosts ask for again.
public final class RolloutDesk implements HostEvents, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("redoubt.server");
  private static final int TURN_MILLIS = 250;
  private static final int TICK_SECONDS = 5;
  private static final int LINE_EVENTS = 10_000;

  /// By what clocks are read at different moments.
  private static final int SLACK_SECONDS = 2;

  private final Stores stores;
  private final InstantSource clock;
  private final Delivery delivery;
  private final Sessions sessions;
  private final Runnable changed;
  private final Inbox inbox = new Inbox();
  private final DeskThread thread = new DeskThread();

  // Of that thread alone.
  private final KnownHosts known;
  private final Map<Integer, LiveRollout> live = new TreeMap<>();
  private final PriorityQueue<Later> later =
      new PriorityQueue<>(Comparator.comparingLong(Later::atSeconds));
  private List<Logged> unwritten = new ArrayList<>();
  private long lastTick;

  /// Where it keeps what it does.
  public record Stores(
      RolloutStore rollouts, HostStore hosts, StandingOrders orders, AuditTrail audit) {}

  /// What is to be told when its time has come.
  private record Later(long atSeconds, Logged event) {}

  /// Brings back every rollout that is driven, as the journal has it; [#begin] goes on with them.
  ///
  /// @param changed is run when somebody who looks at rollouts would see something else
  public RolloutDesk(
      Stores stores, LeaseSigner signer, Sessions sessions, Runnable changed, InstantSource clock) {
    this.stores = stores;
    this.clock = clock;
    this.sessions = sessions;
    this.changed = changed;
    known = new KnownHosts(stores.hosts(), stores.rollouts());
    delivery = new Delivery(stores.rollouts(), stores.audit(), signer, sessions, known, clock);
    bringBack();
  }

  /// Begins to turn.
  public void begin() {
    thread.every(TURN_MILLIS, this::turn);
  }

  private void bringBack() {
    known.learn(Integer.MAX_VALUE);
    long from = Long.MAX_VALUE;
    for (RolloutEntry entry : stores.rollouts().list()) {
      if (entry.ended().isEmpty()) {
        live.put(entry.id(), new LiveRollout(entry, known.size()));
        from = Math.min(from, entry.beginsBefore());
      }
    }
    if (live.isEmpty()) {
      return;
    }
    stores
        .rollouts()
        .replay(
            from,
            line ->
                EventJson.read(line.events())
                    .forEach(logged ->
                        addressed(logged, line.sequence())
                            .forEach(rollout -> rollout.step(logged.event(), line.atSeconds()))));
    live.values().forEach(this::introduce);
  }

  /// Tells a rollout of the hosts that it does not know of, and a new one of what stands.
  private void introduce(LiveRollout rollout) {
    int id = rollout.entry().id();
    boolean isNew = rollout.enrolled() == 0;
    unwritten.addAll(known.describe(id, rollout.enrolled()));
    if (isNew) {
      for (StandingOrders.Order order : stores.orders().list()) {
        unwritten.add(new Logged(id, new RolloutEvent.Owner(order(order, true))));
      }
      int[] there =
          sessions.all().stream().mapToInt(session -> session.host().number()).sorted().toArray();
      if (there.length > 0) {
        tell(id, new RolloutEvent.Heartbeats(HostBatch.of(there)));
      }
    }
  }

  private OwnerOrder order(StandingOrders.Order order, boolean stands) {
    return switch (order.what()) {
      case VENDOR_KILLED ->
          stands
              ? new OwnerOrder.KillVendor(order.subject())
              : new OwnerOrder.ReviveVendor(order.subject());
      case HOST_PINNED -> {
        int number = stores.hosts().find(HostId.parse(order.subject())).orElseThrow().number();
        yield stands ? new OwnerOrder.Pin(number) : new OwnerOrder.Unpin(number);
      }
    };
  }

  private List<LiveRollout> addressed(Logged logged, long sequence) {
    return live.values().stream()
        .filter(rollout ->
            logged.rollout() == Logged.ALL
                ? rollout.entry().beginsBefore() <= sequence
                : rollout.entry().id() == logged.rollout())
        .toList();
  }

  // ---- what hosts say

  @Override
  public void arrived(HostSession session, HostMessage.Hello hello) {
    int number = session.host().number();
    inbox.add(
        number,
        () -> {
          tell(known.look(session.host(), hello.inventory()));
          live.values().stream()
              .filter(LiveRollout::isRunning)
              .forEach(rollout -> session.send(new FleetMessage.Offer(rollout.entry().bundle())));
        });
    inbox.hear(number);
  }

  @Override
  public void said(HostSession session, HostMessage message) {
    int number = session.host().number();
    switch (message) {
      case HostMessage.Heartbeat _ -> inbox.hear(number);
      case HostMessage.LeaseRequest request -> inbox.add(number, () -> asked(session, request));
      case HostMessage.Activation activation ->
          inbox.add(number, () -> activated(session, activation));
      case HostMessage.Running(var bundles) -> inbox.add(number, () -> running(number, bundles));
      case HostMessage.Failure(var symptom, _) ->
          inbox.add(
              number,
              () ->
                  tell(
                      Logged.ALL,
                      new RolloutEvent.Failed(number, Symptom.valueOf(symptom.name()))));
      default -> {
        // Nothing that a rollout goes by.
      }
    }
  }

  @Override
  public void gone(HostSession session, boolean saidGoodbye) {
    if (saidGoodbye) {
      int number = session.host().number();
      inbox.add(number, () -> tell(Logged.ALL, new RolloutEvent.WentAway(number)));
    }
  }

  private void tell(List<Logged> events) {
    unwritten.addAll(events);
  }

  private void tell(int rollout, RolloutEvent event) {
    unwritten.add(new Logged(rollout, event));
  }

  private void asked(HostSession session, HostMessage.LeaseRequest request) {
    Optional<LiveRollout> rollout = of(request.bundle());
    if (rollout.isEmpty()) {
      session.send(
          new FleetMessage.LeaseRefusal(
              request.bundle().sha256(), FleetMessage.Reason.NOT_STARTED));
      return;
    }
    int number = session.host().number();
    rollout.get().asked(number, new LiveRollout.Asked(request.nonce(), seconds()));
    tell(rollout.get().entry().id(), new RolloutEvent.LeaseRequested(number));
  }

  private Optional<LiveRollout> of(BundleName bundle) {
    return live.values().stream().filter(rollout -> rollout.isOf(bundle)).findFirst();
  }

  private void activated(HostSession session, HostMessage.Activation activation) {
    int number = session.host().number();
    if (activation.step() == HostMessage.Step.ROLLED_BACK) {
      // A host may not know any more under which lease it had it, or have had none.
      of(activation.bundle())
          .ifPresent(rollout -> tell(rollout.entry().id(), new RolloutEvent.RolledBack(number)));
      return;
    }
    RolloutStore.Granted granted =
        stores.rollouts().granted(session.host().id(), activation.lease()).orElse(null);
    LiveRollout rollout = granted == null ? null : live.get(granted.rollout());
    if (granted == null || rollout == null) {
      return;
    }
    if (activation.step() == HostMessage.Step.STARTED) {
      tell(granted.rollout(), new RolloutEvent.ActivationStarted(number, granted.lease()));
      return;
    }
    Sha256 digest = activation.bundle().sha256();
    later.add(
        new Later(
            granted.at().getEpochSecond() + rollout.entry().soakSeconds() + SLACK_SECONDS,
            new Logged(
                granted.rollout(),
                new RolloutEvent.Confirmed(number, granted.lease(), digest.toString()))));
  }

  private void running(int number, List<BundleName> bundles) {
    for (LiveRollout rollout : live.values()) {
      // What is newer than ours is no sign that ours has failed.
      bundles.stream()
          .filter(rollout.entry().bundle()::isOfSameName)
          .filter(bundle -> bundle.version() <= rollout.entry().bundle().version())
          .findFirst()
          .ifPresent(bundle ->
              tell(
                  rollout.entry().id(),
                  new RolloutEvent.Running(number, bundle.sha256().toString())));
    }
  }

  // ---- a turn

  /// Whatever fails is tried again at the next turn: a thread that is gone would halt every rollout
  /// without a word.
  private void turn() {
    try {
      collect();
      write();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "rollouts stand: what came is not written down", e);
    }
  }

  /// What cannot be written down is not added to: those who say more wait.
  private void collect() {
    if (unwritten.size() >= LINE_EVENTS) {
      return;
    }
    Optional<Inbox.Incoming> next = inbox.next();
    while (next.isPresent()) {
      tell(known.learn(next.get().host()));
      dealWith(next.get());
      next = unwritten.size() < LINE_EVENTS ? inbox.next() : Optional.empty();
    }
    HostBatch heard = inbox.takeHeard();
    if (heard.size() > 0) {
      tell(known.learn(heard.host(heard.size() - 1)));
      tell(Logged.ALL, new RolloutEvent.Heartbeats(heard));
    }
    long now = seconds();
    while (!later.isEmpty() && later.peek().atSeconds() <= now) {
      unwritten.add(later.remove().event());
    }
    if (now - lastTick >= TICK_SECONDS || now < lastTick) {
      lastTick = now;
      tell(Logged.ALL, new RolloutEvent.Tick());
    }
  }

  /// What cannot be dealt with because the database is gone waits for it. What is a bug of ours
  /// ends with itself.
  private void dealWith(Inbox.Incoming incoming) {
    try {
      incoming.work().run();
    } catch (DataAccessException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "what a host said is left out", e);
    }
    inbox.done();
  }

  private long seconds() {
    return clock.instant().getEpochSecond();
  }

  /// Writes down what came, and then acts on it, a line after the other.
  private void write() {
    if (live.isEmpty()) {
      unwritten = new ArrayList<>();
    }
    while (!unwritten.isEmpty()) {
      int count = Math.min(LINE_EVENTS, unwritten.size());
      List<Logged> line = List.copyOf(unwritten.subList(0, count));
      write(line);
      unwritten = new ArrayList<>(unwritten.subList(count, unwritten.size()));
    }
  }

  private void write(List<Logged> line) {
    long now = seconds();
    long sequence = stores.rollouts().append(now, EventJson.write(line));
    List<Delivery.Decided> decided = new ArrayList<>();
    for (Logged logged : line) {
      for (LiveRollout rollout : addressed(logged, sequence)) {
        rollout
            .step(logged.event(), now)
            .forEach(command -> decided.add(new Delivery.Decided(rollout, command)));
      }
    }
    if (line.stream().anyMatch(RolloutDesk::isNews)) {
      changed.run();
    }
    try {
      delivery.carryOut(decided);
    } catch (RuntimeException e) {
      // It is written down and decided. Hosts ask again for what they were not sent.
      LOG.log(System.Logger.Level.ERROR, "what rollouts decided is not carried out", e);
    }
  }

  private static boolean isNews(Logged logged) {
    return !(logged.event() instanceof RolloutEvent.Heartbeats)
        && !(logged.event() instanceof RolloutEvent.Tick);
  }

  // ---- what people want

  /// Prepares a rollout; [#order] starts it.
  ///
  /// @param soakSeconds how long a host runs it before it counts as well
  /// @param by who does
  /// @throws RefusedException if another version of the same is rolled out already
  public RolloutView prepare(BundleName bundle, Channel channel, int soakSeconds, String by) {
    return thread.ask(() -> {
      for (LiveRollout other : live.values()) {
        if (other.entry().bundle().isOfSameName(bundle)) {
          throw new RefusedException(
              "the same is rolled out already: end that first: redoubt fleet rollouts end "
                  + other.entry().id());
        }
      }
      tell(known.learn(Integer.MAX_VALUE));
      write();
      RolloutEntry entry =
          stores
              .rollouts()
              .prepare(
                  bundle,
                  channel,
                  soakSeconds,
                  Channel.holdbackOf(known.size()),
                  by,
                  clock.instant());
      LiveRollout rollout = new LiveRollout(entry, known.size());
      live.put(entry.id(), rollout);
      introduce(rollout);
      write();
      return rollout.view();
    });
  }

  /// Orders something. It is on disk and done when this returns.
  ///
  /// @param by who does, for the audit
  /// @throws RefusedException if no such rollout is driven
  public RolloutView order(int id, OwnerOrder order, String by) {
    return thread.ask(() -> {
      LiveRollout rollout = live.get(id);
      if (rollout == null) {
        throw new RefusedException("no such rollout is driven: id=" + id);
      }
      write();
      stores.audit().add(clock.instant(), by, "rollout.order", Integer.toString(id), word(order));
      write(List.of(new Logged(id, new RolloutEvent.Owner(order))));
      if (rollout.isRunning()) {
        FleetMessage offer = new FleetMessage.Offer(rollout.entry().bundle());
        sessions.all().forEach(session -> session.send(offer));
      }
      return rollout.view();
    });
  }

  private static String word(OwnerOrder order) {
    return switch (order) {
      case OwnerOrder.Start() -> "start";
      case OwnerOrder.Halt() -> "halt";
      case OwnerOrder.Resume() -> "resume";
      case OwnerOrder.RollBack() -> "rollback";
      case OwnerOrder.KillVendor _,
          OwnerOrder.ReviveVendor _,
          OwnerOrder.Pin _,
          OwnerOrder.Unpin _ ->
          throw new IllegalArgumentException("no order for one rollout alone: order=" + order);
    };
  }

  /// Says what stands for every rollout, those to come too, or no longer does. It is on disk and
  /// done when this returns.
  ///
  /// @param by who does, for the audit
  /// @throws RefusedException if it stood already, or did not
  public void stand(StandingOrders.Order order, boolean stands, String by) {
    thread.ask(() -> {
      write();
      stores.orders().set(order, stands, by, clock.instant());
      if (!live.isEmpty()) {
        write(List.of(new Logged(Logged.ALL, new RolloutEvent.Owner(order(order, stands)))));
      }
      return order;
    });
  }

  /// What stands.
  public List<StandingOrders.Order> standing() {
    return stores.orders().list();
  }

  /// Puts a rollout aside: hosts that have its bundle keep it, nothing more is granted.
  ///
  /// @param by who does
  /// @throws RefusedException if no such rollout is driven
  public RolloutView end(int id, String by) {
    return thread.ask(() -> {
      stores.rollouts().end(id, by, clock.instant());
      live.remove(id);
      changed.run();
      return view(stores.rollouts().find(id).orElseThrow());
    });
  }

  /// All, the newest first.
  public List<RolloutView> list() {
    return thread.ask(() -> stores.rollouts().list().stream().map(this::view).toList());
  }

  /// One of them.
  public Optional<RolloutView> find(int id) {
    return thread.ask(() -> stores.rollouts().find(id).map(this::view));
  }

  private RolloutView view(RolloutEntry entry) {
    @Nullable LiveRollout rollout = live.get(entry.id());
    return rollout == null
        ? new RolloutView(entry, Optional.empty(), "", List.of(), Optional.empty())
        : rollout.view();
  }

  @Override
  public void close() {
    thread.close();
  }
}
