package redoubt.server.store;

import static redoubt.server.store.Tables.Token.DEVICE_CLASS;
import static redoubt.server.store.Tables.Token.DIGEST;
import static redoubt.server.store.Tables.Token.EXPIRES_MILLIS;
import static redoubt.server.store.Tables.Token.HOST;
import static redoubt.server.store.Tables.Token.MADE_BY;
import static redoubt.server.store.Tables.Token.MADE_MILLIS;
import static redoubt.server.store.Tables.Token.SITE;
import static redoubt.server.store.Tables.Token.TABLE;
import static redoubt.server.store.Tables.Token.USED_MILLIS;

import java.security.SecureRandom;
import java.time.Instant;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.Enrolment;
import redoubt.core.wire.EnrolmentToken;
import redoubt.fleet.rollout.DeviceClass;

/// The tokens that let hosts in, each once. Their secrets are not kept.
public final class TokenStore {
  private final SecureRandom random = new SecureRandom();
  private final Database database;
  private final Sha256 authority;

  /// @param authority what tokens name the fleet by
  public TokenStore(Database database, Sha256 authority) {
    this.database = database;
    this.authority = authority;
  }

  /// What a used token was for.
  record Used(String site, DeviceClass deviceClass, @Nullable HostId host) {}

  /// Makes one.
  ///
  /// @param by who makes it
  /// @return the token, whose secret nobody can ask for again
  /// @throws RefusedException if it is for a host that is none of the fleet
  public EnrolmentToken make(TokenTerms terms, String by, Instant now) {
    byte[] bytes = new byte[Enrolment.SECRET_BYTES];
    random.nextBytes(bytes);
    Octets secret = Octets.of(bytes);
    @Nullable String host = terms.host().map(HostId::toString).orElse(null);
    database.change(in -> {
      if (host != null && !in.fetchExists(Tables.Host.TABLE, Tables.Host.ID.eq(host))) {
        throw new RefusedException("no such host: id=" + host);
      }
      in.insertInto(TABLE)
          .set(DIGEST, digest(secret).toString())
          .set(SITE, terms.site())
          .set(DEVICE_CLASS, terms.deviceClass().name())
          .set(HOST, host)
          .set(MADE_BY, by)
          .set(MADE_MILLIS, now.toEpochMilli())
          .set(EXPIRES_MILLIS, now.plus(terms.life()).toEpochMilli())
          .execute();
      AuditTrail.add(in, now, by, "token.make", host == null ? "" : host, "site=" + terms.site());
    });
    return new EnrolmentToken(authority, secret);
  }

  /// Uses one up, in the same transaction.
  ///
  /// @throws RefusedException if there is none with that secret that may still be used
  static Used use(DSLContext in, Octets secret, Instant now) {
    String digest = digest(secret).toString();
    // Whoever comes second changes nothing.
    int used =
        in.update(TABLE)
            .set(USED_MILLIS, now.toEpochMilli())
            .where(DIGEST.eq(digest))
            .and(USED_MILLIS.isNull())
            .and(EXPIRES_MILLIS.gt(now.toEpochMilli()))
            .execute();
    if (used != 1) {
      // The same words for each cause: who guesses learns nothing.
      throw new RefusedException(
          "the token is unknown, expired or used: make another with 'redoubt fleet token'");
    }
    Record row = in.selectFrom(TABLE).where(DIGEST.eq(digest)).fetchSingle();
    @Nullable String host = row.get(HOST);
    return new Used(
        row.get(SITE),
        DeviceClass.valueOf(row.get(DEVICE_CLASS)),
        host == null ? null : HostId.parse(host));
  }

  private static Sha256 digest(Octets secret) {
    return Sha256.hash(secret.toArray());
  }
}
