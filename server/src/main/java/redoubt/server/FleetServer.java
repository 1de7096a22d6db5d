package redoubt.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import redoubt.core.wire.EnrolmentToken;
import redoubt.fleet.serving.RunningServer;
import redoubt.fleet.serving.ServerSettings;
import redoubt.server.api.ApiServer;
import redoubt.server.api.Changes;
import redoubt.server.commands.CollectDesk;
import redoubt.server.commands.CommandDesk;
import redoubt.server.identity.Authority;
import redoubt.server.identity.DocumentSigner;
import redoubt.server.identity.LeaseSigner;
import redoubt.server.outputs.OutputDesk;
import redoubt.server.plane.HostEvents;
import redoubt.server.plane.HostPlane;
import redoubt.server.plane.Sessions;
import redoubt.server.policy.PolicyDesk;
import redoubt.server.rollouts.RolloutDesk;
import redoubt.server.rollouts.SteadyClock;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.CommandStore;
import redoubt.server.store.Database;
import redoubt.server.store.HostStore;
import redoubt.server.store.LabelStore;
import redoubt.server.store.MarkStore;
import redoubt.server.store.ObjectionStore;
import redoubt.server.store.OperatorStore;
import redoubt.server.store.OutputStore;
import redoubt.server.store.PolicyStore;
import redoubt.server.store.RecordStore;
import redoubt.server.store.RolloutStore;
import redoubt.server.store.StandingOrders;
import redoubt.server.store.TokenStore;
import redoubt.server.store.TokenTerms;

/// A running server of a fleet. Thread-safe.
public final class FleetServer implements RunningServer {
  private final InstantSource clock;
  private final Deque<Runnable> endings;
  private final HostStore hosts;
  private final TokenStore tokens;
  private final RecordStore records;
  private final MarkStore marks;
  private final AuditTrail audit;
  private final OperatorStore operators;
  private final RolloutDesk rollouts;
  private final CommandDesk commands;
  private final CollectDesk collected;
  private final PolicyDesk policy;
  private final HostPlane plane;
  private final ApiServer api;
  private final OwnerAccess owner;

  /// Starts one on what its folder and its database hold; makes keys and tables the first time.
  ///
  /// @throws IOException if the folder or an address cannot be used, or another server has the
  ///   folder
  public static FleetServer start(ServerSettings settings) throws IOException {
    InstantSource machine = InstantSource.system();
    return start(settings, machine, new SteadyClock(machine, System::nanoTime));
  }

  /// As [#start(ServerSettings)], in another time.
  ///
  /// @param clock what people call the time
  /// @param steady the time by which rollouts go, which nobody sets
  public static FleetServer start(
      ServerSettings settings, InstantSource clock, InstantSource steady) throws IOException {
    Deque<Runnable> endings = new ArrayDeque<>();
    try {
      return new FleetServer(settings, clock, steady, endings);
    } catch (IOException | RuntimeException e) {
      endings.forEach(Runnable::run);
      throw e;
    }
  }

  /// @param endings gets what is to be done at the end, the first first
  private FleetServer(
      ServerSettings settings, InstantSource clock, InstantSource steady, Deque<Runnable> endings)
      throws IOException {
    this.clock = clock;
    this.endings = endings;
    Path folder = settings.folder();
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    endings.push(FolderLock.of(folder)::close);
    Authority authority = Authority.in(folder, clock.instant());
    LeaseSigner signer = LeaseSigner.in(folder);
    Database database = Database.open(folder, settings.database());
    endings.push(database::close);
    hosts = new HostStore(database);
    tokens = new TokenStore(database, authority.fingerprint());
    audit = new AuditTrail(database);
    operators = new OperatorStore(database);
    records = new RecordStore(database);
    marks = new MarkStore(database);
    endings.push(new Retention(records, Duration.ofDays(settings.keepDays()), clock)::close);
    LiveHosts live = new LiveHosts(hosts, clock);
    endings.push(live::close);
    EngineReports engines = new EngineReports();
    Sessions sessions = new Sessions();
    Changes changes = new Changes();
    rollouts =
        new RolloutDesk(
            new RolloutDesk.Stores(
                new RolloutStore(database),
                hosts,
                new LabelStore(database),
                new StandingOrders(database),
                audit),
            signer,
            sessions,
            changes::tell,
            clock,
            steady);
    endings.push(rollouts::close);
    CommandStore commandStore = new CommandStore(database);
    commands = new CommandDesk(commandStore, sessions, changes::tell, clock);
    collected = new CollectDesk(folder.resolve("collected"), commandStore, clock);
    endings.push(collected::close);
    policy = new PolicyDesk(new PolicyStore(database), sessions, changes::tell, clock);
    OutputDesk outputs = new OutputDesk(new OutputStore(database), clock);
    endings.push(outputs::close);
    plane =
        new HostPlane(
            new HostPlane.Place(settings.hosts(), settings.names(), settings.heartbeatSeconds()),
            authority,
            signer,
            hosts,
            records,
            sessions,
            HostEvents.each(
                List.of(
                    live, rollouts, commands, collected, policy, engines, new HostNews(changes))),
            clock);
    endings.push(plane::close);
    rollouts.begin();
    api =
        new ApiServer(
            settings.people(),
            settings.names(),
            new ApiServer.Parts(
                authority,
                hosts,
                tokens,
                records,
                audit,
                operators,
                plane,
                rollouts,
                commands,
                collected,
                policy,
                outputs,
                engines,
                new ObjectionStore(database),
                marks,
                DocumentSigner.in(folder),
                changes),
            clock);
    endings.push(api::close);
    owner = new OwnerAccess(folder, authority, settings.names().getFirst(), api.port());
    owner.introduce(operators, clock.instant());
  }

  /// Who may use the server.
  public OperatorStore operators() {
    return operators;
  }

  /// Makes a token that lets one host in.
  ///
  /// @param by who makes it
  public EnrolmentToken makeToken(TokenTerms terms, String by) {
    return tokens.make(terms, by, clock.instant());
  }

  /// The hosts.
  public HostStore hosts() {
    return hosts;
  }

  /// What the hosts' journals say.
  public RecordStore records() {
    return records;
  }

  /// What people say was no threat.
  public MarkStore marks() {
    return marks;
  }

  /// The rollouts.
  public RolloutDesk rollouts() {
    return rollouts;
  }

  /// What is to be done on hosts.
  public CommandDesk commands() {
    return commands;
  }

  /// What hosts have brought.
  public CollectDesk collected() {
    return collected;
  }

  /// What counts on hosts.
  public PolicyDesk policy() {
    return policy;
  }

  /// Who did what.
  public AuditTrail audit() {
    return audit;
  }

  @Override
  public int apiPort() {
    return api.port();
  }

  @Override
  public int hostPort() {
    return plane.port();
  }

  @Override
  public Path ownerAccess() {
    return owner.file();
  }

  @Override
  public void close() {
    endings.forEach(Runnable::run);
    endings.clear();
  }
}
