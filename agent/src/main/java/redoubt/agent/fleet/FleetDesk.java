package redoubt.agent.fleet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Notices;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.model.HostId;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.CourierOrder;
import redoubt.core.wire.CourierReport;
import redoubt.core.wire.Enrolment;
import redoubt.core.wire.EnrolmentToken;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.HostMessage;
import redoubt.core.wire.WireException;

/// This host in a fleet: joins one, is connected as long as it is a member, leaves it. Thread-safe.
public final class FleetDesk implements UpdateChannel, AutoCloseable {
  private static final String SUBJECT = "owner";

  private final CourierHome home;
  private final Path folder;
  private final Path journal;
  private final HostView view;
  private final RemoteActions actions;
  private final Notices notices;
  private final MembershipFile file;
  private volatile @Nullable KeptMembership kept;

  /// Whether it is known what this host is a member of: until it is, nothing new is let in.
  private volatile boolean isKnown;

  private volatile @Nullable FleetLink link;
  private volatile @Nullable RecordQueue records;
  private volatile @Nullable LeaseBook leases;
  private @Nullable CommandQueue commands;
  private volatile UpdateOrders updates = UpdateOrders.none();
  private volatile PolicyOrders policies = PolicyOrders.none();
  private @Nullable Thread thread;

  /// How this host stands with its fleet.
  ///
  /// @param server `NAME:PORT`
  /// @param host who it is there
  /// @param isConnected whether the server has welcomed it on a connection that stands
  /// @param problem why not; may be empty while it is tried for the first time
  /// @param waiting how many records are on their way
  /// @param lost how often records were gone before they were sent
  /// @param ownUpdates whether its owner, and not the fleet, decides what this host activates
  public record Status(
      String server,
      HostId host,
      boolean isConnected,
      String problem,
      long waiting,
      long lost,
      boolean ownUpdates) {}

  /// @param folder where the membership is kept; made when there is one
  /// @param journal whose lines the server is told
  /// @param actions does what operators of the fleet want
  public FleetDesk(
      CourierHome home,
      Path folder,
      Path journal,
      HostView view,
      RemoteActions actions,
      Notices notices) {
    this.home = home;
    this.folder = folder;
    this.journal = journal;
    this.view = view;
    this.actions = actions;
    this.notices = notices;
    file = new MembershipFile(folder);
  }

  /// Says who takes what the server says about updates, and what it wants to count here; before
  /// [#begin].
  public void serve(UpdateOrders orders, PolicyOrders ofPolicy) {
    updates = orders;
    policies = ofPolicy;
  }

  @Override
  public Optional<Membership> membership() {
    return Optional.ofNullable(kept).map(KeptMembership::own);
  }

  @Override
  public boolean directsUpdates() {
    KeptMembership membership = kept;
    return membership == null ? !isKnown : !membership.ownUpdates();
  }

  @Override
  public boolean ask(BundleName bundle) {
    FleetLink current = link;
    LeaseBook book = leases;
    if (current == null || book == null || !current.isConnected()) {
      return false;
    }
    try {
      current.say(book.ask(bundle));
      return true;
    } catch (IOException e) {
      notices.report(
          PlatformNotice.Kind.FLEET, SUBJECT, "no lease is asked for: " + e.getMessage());
      return false;
    }
  }

  @Override
  public OptionalLong lease(Sha256 bundle) {
    LeaseBook book = leases;
    try {
      return book == null ? OptionalLong.empty() : book.lease(bundle);
    } catch (IOException _) {
      return OptionalLong.empty(); // The kernel does not say how long it has run.
    }
  }

  @Override
  public void giveUp(Sha256 bundle) {
    LeaseBook book = leases;
    if (book != null) {
      book.giveUp(bundle);
    }
  }

  @Override
  public void say(HostMessage message) {
    FleetLink current = link;
    if (current != null) {
      current.say(message);
    }
  }

  /// Begins to connect, if this host is a member. What cannot be read is reported, and as none.
  public synchronized void begin() {
    try {
      reconnect();
    } catch (IOException e) {
      notices.report(
          PlatformNotice.Kind.FLEET,
          "membership",
          "this host does not connect to its fleet, and takes no updates: " + e.getMessage());
    }
  }

  private void connect(KeptMembership membership) throws IOException, PolicyException {
    RecordQueue queue = RecordQueue.open(folder, journal, membership.own());
    LeaseBook book = LeaseBook.in(folder, membership.own(), Uptime.ofKernel());
    CommandQueue queueOfCommands =
        CommandQueue.open(folder, membership, actions, notices, this::say);
    FleetLink fresh =
        new FleetLink(
            home, file, membership, queue, book, view, updates, policies, queueOfCommands, notices);
    records = queue;
    leases = book;
    commands = queueOfCommands;
    link = fresh;
    thread = Thread.ofPlatform().daemon().name("fleet").start(fresh::run);
  }

  /// Makes this host a member, of another fleet than before, if it was of one.
  ///
  /// @param ownUpdates whether its owner goes on to decide what this host activates
  /// @param uid who asks
  /// @return who it is there
  /// @throws IOException with the cause, for people; then everything is as it was
  public synchronized HostId join(
      FleetPlace place, EnrolmentToken token, boolean ownUpdates, int uid) throws IOException {
    // One courier at a time has the sockets.
    disconnect();
    try {
      KeptMembership fresh = enrol(place, token, ownUpdates);
      PrivateFile.createDirectory(folder);
      file.write(fresh);
      kept = fresh;
      policies.end();
      notices.report(
          PlatformNotice.Kind.FLEET,
          SUBJECT,
          "this host has joined a fleet: server="
              + place.address()
              + " host="
              + fresh.own().host()
              + " uid="
              + uid);
      return fresh.own().host();
    } finally {
      reconnect();
    }
  }

  private KeptMembership enrol(FleetPlace place, EnrolmentToken token, boolean ownUpdates)
      throws IOException {
    try (CourierProcess courier = CourierProcess.start(home, place)) {
      courier.order(
          new CourierOrder.Enrol(
              place.name(), token.authority(), token.secret(), view.inventory().get()));
      return switch (courier.next().orElse(null)) {
        case CourierReport.Enrolled(var bytes, var key) -> {
          Enrolment.Reply reply = FleetCodec.decodeEnrolReply(ByteBuffer.wrap(bytes.toArray()));
          yield new KeptMembership(
              new Membership(reply.host(), reply.enrolment(), reply.leaseKey()),
              place,
              key,
              reply.certificates(),
              ownUpdates);
        }
        case CourierReport.Ended(var why, _) -> throw new IOException(why);
        case null, default -> throw new IOException("the courier has ended");
      };
    } catch (WireException e) {
      throw new IOException("the server speaks otherwise: " + e.getMessage(), e);
    }
  }

  /// Makes this host a member no more. The server is not asked: its owner casts the host out.
  ///
  /// @param uid who asks
  /// @return whether it was one
  /// @throws IOException if it cannot be forgotten; then it is one still
  public synchronized boolean leave(int uid) throws IOException {
    KeptMembership before = kept;
    if (before == null && isKnown) {
      return false;
    }
    file.remove();
    kept = null;
    isKnown = true;
    disconnect();
    policies.end();
    String server = before == null ? "unknown" : before.place().address();
    notices.report(
        PlatformNotice.Kind.FLEET,
        SUBJECT,
        "this host has left its fleet: server=" + server + " uid=" + uid);
    return true;
  }

  /// How it stands; nothing if this host is of no fleet. Waits for nobody.
  public Optional<Status> status() {
    KeptMembership membership = kept;
    FleetLink current = link;
    RecordQueue queue = records;
    return membership == null || current == null || queue == null
        ? Optional.empty()
        : Optional.of(
            new Status(
                membership.place().address(),
                membership.own().host(),
                current.isConnected(),
                current.problem(),
                queue.waiting(),
                queue.lost(),
                membership.ownUpdates()));
  }

  /// As what is on disk says, which has a renewed certificate too.
  private void reconnect() throws IOException {
    try {
      kept = file.read().orElse(null);
      isKnown = true;
      if (kept != null) {
        connect(kept);
      }
    } catch (PolicyException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void disconnect() throws IOException {
    FleetLink ending = link;
    Thread running = thread;
    RecordQueue queue = records;
    link = null;
    thread = null;
    records = null;
    leases = null;
    CommandQueue stopped = commands;
    commands = null;
    if (stopped != null) {
      stopped.close();
    }
    if (ending != null) {
      ending.close();
    }
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    if (queue != null) {
      queue.close();
    }
  }

  @Override
  public synchronized void close() {
    try {
      disconnect();
    } catch (IOException _) {
      // What is not written down is sent again.
    }
  }
}
