package redoubt.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import redoubt.core.wire.EnrolmentToken;
import redoubt.server.api.ApiServer;
import redoubt.server.identity.Authority;
import redoubt.server.identity.LeaseSigner;
import redoubt.server.plane.HostPlane;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.Database;
import redoubt.server.store.HostStore;
import redoubt.server.store.OperatorStore;
import redoubt.server.store.RecordStore;
import redoubt.server.store.Role;
import redoubt.server.store.TokenStore;
import redoubt.server.store.TokenTerms;

/// A running server of a fleet. Thread-safe.
public final class FleetServer implements AutoCloseable {
  /// Where the first owner's token is, in the server's folder, until somebody removes it.
  public static final String OWNER_TOKEN = "owner.token";

  private static final String OWNER = "owner";

  private final InstantSource clock;
  private final Database database;
  private final HostStore hosts;
  private final TokenStore tokens;
  private final AuditTrail audit;
  private final LiveHosts live;
  private final OperatorStore operators;
  private final HostPlane plane;
  private final ApiServer api;

  /// Starts one on what a folder holds; makes keys and database there the first time.
  ///
  /// @param folder made if it is not there; nobody else may read it
  /// @param place where hosts come in
  /// @param people where people and programs come in
  /// @throws IOException if the folder or an address cannot be used
  public FleetServer(
      Path folder, HostPlane.Place place, InetSocketAddress people, InstantSource clock)
      throws IOException {
    this.clock = clock;
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Authority authority = Authority.in(folder, clock.instant());
    LeaseSigner signer = LeaseSigner.in(folder);
    database = Database.inFile(folder.resolve("fleet.db"));
    try {
      hosts = new HostStore(database);
      tokens = new TokenStore(database, authority.fingerprint());
      audit = new AuditTrail(database);
      operators = new OperatorStore(database);
      makeOwner(folder);
      RecordStore records = new RecordStore(database);
      live = new LiveHosts(hosts, clock);
      plane = new HostPlane(place, authority, signer, hosts, records, live, clock);
      api =
          new ApiServer(
              people,
              place.names(),
              new ApiServer.Parts(authority, hosts, tokens, records, audit, operators, plane),
              clock);
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// The first to come is the owner, by a token in a file that nobody else reads.
  private void makeOwner(Path folder) throws IOException {
    if (operators.list().isEmpty()) {
      Path file = folder.resolve(OWNER_TOKEN);
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, operators.put(OWNER, Role.OWNER, "server", clock.instant()) + "\n");
    }
  }

  /// Who may use the server.
  public OperatorStore operators() {
    return operators;
  }

  /// The port at which people and programs come in.
  public int apiPort() {
    return api.port();
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

  /// Who did what.
  public AuditTrail audit() {
    return audit;
  }

  /// The port at which hosts come in.
  public int port() {
    return plane.port();
  }

  @Override
  public void close() {
    api.close();
    plane.close();
    live.close();
    database.close();
  }
}
