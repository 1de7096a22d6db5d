package redoubt.server.rollouts;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jooq.exception.DataAccessException;
import redoubt.core.model.HostId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.Channel;
import redoubt.fleet.rollout.HostBatch;
import redoubt.fleet.rollout.MaintenanceWindow;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.RolloutEvent;
import redoubt.fleet.rollout.Symptom;
import redoubt.server.identity.LeaseSigner;
import redoubt.server.log.Outage;
import redoubt.server.plane.HostEvents;
import redoubt.server.plane.HostSession;
import redoubt.server.plane.Sessions;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.HostStore;
import redoubt.server.store.LabelStore;
import redoubt.server.store.RefusedException;
import redoubt.server.store.RingTerms;
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

  /// By what clocks are read at different moments.
  private static final int SLACK_SECONDS = 2;

  private final Stores stores;
  private final InstantSource clock;
  private final InstantSource steady;
  private final long aheadSeconds;
  private final Delivery delivery;
  private final Sessions sessions;
  private final Runnable changed;
  private final Inbox inbox = new Inbox();
  private final DeskThread thread = new DeskThread();
  private final Outage outage = new Outage("rollouts stand: what came is not written down");

  // Of that thread alone.
  private final KnownHosts known;
  private final LiveRollouts live;
  private final PriorityQueue<Later> later =
      new PriorityQueue<>(Comparator.comparingLong(Later::atSeconds));
  private final EventJournal journal;
  private long lastTick;

  /// Where it keeps what it does.
  public record Stores(
      RolloutStore rollouts,
      HostStore hosts,
      LabelStore labels,
      StandingOrders orders,
      AuditTrail audit) {}

  /// What is to be told when its time has come.
  private record Later(long atSeconds, Logged event) {}

  /// Brings back every rollout that is driven, as the journal has it; [#begin] goes on with them.
  ///
  /// @param changed is run when somebody who looks at rollouts would see something else
  /// @param clock what people call the time
  /// @param steady the time by which rollouts go, which nobody sets
  public RolloutDesk(
      Stores stores,
      LeaseSigner signer,
      Sessions sessions,
      Runnable changed,
      InstantSource clock,
      InstantSource steady) {
    this.stores = stores;
    this.clock = clock;
    this.steady = steady;
    this.sessions = sessions;
    this.changed = changed;
    known = new KnownHosts(stores.hosts(), stores.rollouts(), stores.labels());
    delivery =
        new Delivery(stores.rollouts(), stores.audit(), signer, sessions, known, clock, this::now);
    known.learn(Integer.MAX_VALUE, _ -> {});
    journal = new EventJournal(stores.rollouts());
    live = new LiveRollouts(stores, known, sessions, journal);
    // Somebody may have set the clock back while no server ran.
    long begins = steady.instant().getEpochSecond();
    aheadSeconds = Math.max(begins, live.lastSeconds()) - begins;
  }

  /// Begins to turn.
  public void begin() {
    thread.every(TURN_MILLIS, this::turn);
  }

  // ---- what hosts say

  @Override
  public void arrived(HostSession session, HostMessage.Hello hello) {
    int number = session.host().number();
    inbox.add(
        number,
        hello,
        () -> {
          journal.add(known.look(session.host().id()));
          live.all().stream()
              .filter(LiveRollout::isRunning)
              .forEach(rollout -> session.send(new FleetMessage.Offer(rollout.entry().bundle())));
        });
    inbox.hear(number);
  }

  @Override
  public void said(HostSession session, HostMessage message) {
    int number = session.host().number();
    Runnable work =
        switch (message) {
          case HostMessage.Heartbeat _ -> {
            inbox.hear(number);
            yield null;
          }
          case HostMessage.LeaseRequest request -> () -> asked(session, request);
          case HostMessage.Activation activation -> () -> activated(session, activation);
          case HostMessage.Running(var bundles) -> () -> running(number, bundles);
          case HostMessage.Failure(var symptom, _) -> () -> failed(number, symptom);
          default -> null; // Nothing that a rollout goes by.
        };
    if (work != null) {
      inbox.add(number, message, work);
    }
  }

  @Override
  public void gone(HostSession session, boolean saidGoodbye) {
    if (saidGoodbye) {
      int number = session.host().number();
      inbox.add(
          number,
          new HostMessage.Goodbye(),
          () -> tell(Logged.ALL, new RolloutEvent.WentAway(number)));
    }
  }

  private void tell(int rollout, RolloutEvent event) {
    tell(new Logged(rollout, event));
  }

  private void tell(Logged event) {
    journal.add(List.of(event));
  }

  private void asked(HostSession session, HostMessage.LeaseRequest request) {
    Optional<LiveRollout> rollout = live.of(request.bundle());
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

  private void activated(HostSession session, HostMessage.Activation activation) {
    int number = session.host().number();
    if (activation.step() == HostMessage.Step.ROLLED_BACK) {
      // A host may not know any more under which lease it had it, or have had none.
      live.of(activation.bundle())
          .ifPresent(rollout -> tell(rollout.entry().id(), new RolloutEvent.RolledBack(number)));
      return;
    }
    RolloutStore.Granted granted =
        stores.rollouts().granted(session.host().id(), activation.lease()).orElse(null);
    LiveRollout rollout = granted == null ? null : live.find(granted.rollout()).orElse(null);
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

  private void failed(int number, HostMessage.Symptom symptom) {
    tell(Logged.ALL, new RolloutEvent.Failed(number, Symptom.valueOf(symptom.name())));
  }

  private void running(int number, List<BundleName> bundles) {
    for (LiveRollout rollout : live.all()) {
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
      delivery.writeDown();
      outage.isOver();
    } catch (RuntimeException e) {
      outage.goesOn(e);
    }
  }

  /// What cannot be written down is not added to: those who say more wait.
  private void collect() {
    if (journal.isFull()) {
      return;
    }
    Optional<Inbox.Incoming> next = inbox.next();
    while (next.isPresent()) {
      known.learn(next.get().host(), this::tell);
      dealWith(next.get());
      next = journal.isFull() ? Optional.empty() : inbox.next();
    }
    collectHeard();
    long now = seconds();
    while (!later.isEmpty() && later.peek().atSeconds() <= now) {
      tell(later.remove().event());
    }
    if (now - lastTick >= TICK_SECONDS || now < lastTick) {
      lastTick = now;
      tell(Logged.ALL, new RolloutEvent.Tick());
    }
  }

  private void collectHeard() {
    HostBatch heard = inbox.takeHeard();
    if (heard.size() == 0) {
      return;
    }
    try {
      known.learn(heard.host(heard.size() - 1), this::tell);
      tell(Logged.ALL, new RolloutEvent.Heartbeats(heard));
    } catch (RuntimeException e) {
      inbox.hear(heard);
      throw e;
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

  /// The time by which rollouts go.
  private Instant now() {
    return steady.instant().plusSeconds(aheadSeconds);
  }

  private long seconds() {
    return now().getEpochSecond();
  }

  /// Writes down what came, and then acts on it, a line after the other.
  private void write() {
    if (live.isEmpty()) {
      journal.clear();
    }
    Optional<EventJournal.Line> line = journal.write(seconds());
    while (line.isPresent()) {
      act(line.get());
      line = journal.write(seconds());
    }
  }

  private void act(EventJournal.Line line) {
    List<Delivery.Decided> decided = live.step(line);
    if (line.events().stream().anyMatch(RolloutDesk::isNews)) {
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
  /// @param rings its own; without any they are those of the channel
  /// @param by who does
  /// @throws RefusedException if another version of the same is rolled out already
  public RolloutView prepare(
      BundleName bundle, Channel channel, int soakSeconds, List<RingTerms> rings, String by) {
    return thread.ask(() -> {
      live.takeUp();
      for (LiveRollout other : live.all()) {
        if (other.entry().bundle().isOfSameName(bundle)) {
          throw new RefusedException(
              "the same is rolled out already: end that first: redoubt fleet rollouts end "
                  + other.entry().id());
        }
      }
      known.learn(Integer.MAX_VALUE, this::tell);
      live.requireRings(rings);
      write();
      RolloutEntry entry =
          stores
              .rollouts()
              .prepare(
                  bundle,
                  channel,
                  soakSeconds,
                  rings,
                  Channel.holdbackOf(known.size()),
                  by,
                  clock.instant());
      LiveRollout rollout = live.drive(entry);
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
      LiveRollout rollout =
          live.find(id)
              .orElseThrow(() -> new RefusedException("no such rollout is driven: id=" + id));
      write();
      stores
          .audit()
          .add(clock.instant(), by, "rollout.order", Integer.toString(id), LiveRollout.word(order));
      act(journal.write(new Logged(id, new RolloutEvent.Owner(order)), seconds()));
      if (rollout.isRunning()) {
        FleetMessage offer = new FleetMessage.Offer(rollout.entry().bundle());
        sessions.all().forEach(session -> session.send(offer));
      }
      return rollout.view();
    });
  }

  /// Says what stands for every rollout, those to come too, or no longer does. It is on disk and
  /// done when this returns.
  ///
  /// @param by who does, for the audit
  /// @throws RefusedException if it stood already, or did not
  public void stand(StandingOrders.Order order, boolean stands, String by) {
    thread.ask(() -> {
      write();
      stores.orders().requireChange(order, stands);
      // First those who obey, and then what new ones are told: whoever is told that it failed, and
      // says it again, is understood.
      if (!live.isEmpty()) {
        Logged event = new Logged(Logged.ALL, live.event(order, stands));
        act(journal.write(event, seconds()));
      }
      stores.orders().set(order, stands, by, clock.instant());
      return order;
    });
  }

  /// Gives a host labels and takes others from it. Rings that are drawn stay as they are.
  ///
  /// @param by who does, for the audit
  /// @throws RefusedException if it is no host of the fleet, or there would be too many labels
  public void label(HostId host, Set<String> add, Set<String> remove, String by) {
    thread.ask(() -> {
      stores.labels().change(host, add, remove, by, clock.instant());
      known.learn(Integer.MAX_VALUE, this::tell);
      journal.add(known.look(host));
      write();
      changed.run();
      return host;
    });
  }

  /// Says when hosts with a label may be updated: in these hours, or at any time.
  ///
  /// @param by who does, for the audit
  /// @throws RefusedException if there is no window to be lifted, or there would be too many labels
  public void window(String label, Optional<MaintenanceWindow> window, String by) {
    thread.ask(() -> {
      Instant at = clock.instant();
      try {
        window.ifPresentOrElse(
            hours -> stores.labels().setWindow(label, hours, by, at),
            () -> stores.labels().removeWindow(label, by, at));
      } finally {
        // What is refused may have been done before, by a transaction of which nobody heard the
        // end.
        known.lookAtWindows(this::tell);
      }
      write();
      changed.run();
      return label;
    });
  }

  /// When hosts may be updated, by their labels.
  public NavigableMap<String, MaintenanceWindow> windows() {
    return stores.labels().windows();
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
      live.takeUp();
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
    return live.find(entry.id())
        .map(LiveRollout::view)
        .orElseGet(() -> new RolloutView(entry, Optional.empty(), "", List.of(), Optional.empty()));
  }

  @Override
  public void close() {
    thread.close();
  }
}
