package redoubt.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import redoubt.core.wire.EnrolmentToken;
import redoubt.server.identity.Authority;
import redoubt.server.identity.LeaseSigner;
import redoubt.server.plane.HostPlane;
import redoubt.server.store.AuditTrail;
import redoubt.server.store.Database;
import redoubt.server.store.HostStore;
import redoubt.server.store.RecordStore;
import redoubt.server.store.TokenStore;
import redoubt.server.store.TokenTerms;

/// A running server of a fleet. Thread-safe.
public final class FleetServer implements AutoCloseable {
  private final InstantSource clock;
  private final Database database;
  private final Authority authority;
  private final HostStore hosts;
  private final TokenStore tokens;
  private final AuditTrail audit;
  private final LiveHosts live;
  private final HostPlane plane;

  /// Starts one on what a folder holds; makes keys and database there the first time.
  ///
  /// @param folder made if it is not there; nobody else may read it
  /// @throws IOException if the folder or the address cannot be used
  public FleetServer(Path folder, HostPlane.Place place, InstantSource clock) throws IOException {
    this.clock = clock;
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    authority = Authority.in(folder, clock.instant());
    LeaseSigner signer = LeaseSigner.in(folder);
    database = Database.inFile(folder.resolve("fleet.db"));
    try {
      hosts = new HostStore(database);
      tokens = new TokenStore(database);
      audit = new AuditTrail(database);
      live = new LiveHosts(hosts, clock);
      plane =
          new HostPlane(place, authority, signer, hosts, new RecordStore(database), live, clock);
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// Makes a token that lets one host in.
  ///
  /// @param by who makes it
  public EnrolmentToken makeToken(TokenTerms terms, String by) {
    return new EnrolmentToken(authority.fingerprint(), tokens.make(terms, by, clock.instant()));
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
    plane.close();
    live.close();
    database.close();
  }
}
