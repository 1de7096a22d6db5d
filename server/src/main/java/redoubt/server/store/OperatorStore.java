package redoubt.server.store;

import static redoubt.server.store.Tables.Operators.MADE_BY;
import static redoubt.server.store.Tables.Operators.MADE_MILLIS;
import static redoubt.server.store.Tables.Operators.NAME;
import static redoubt.server.store.Tables.Operators.ROLE;
import static redoubt.server.store.Tables.Operators.TABLE;
import static redoubt.server.store.Tables.Operators.TOKEN_DIGEST;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jooq.Record;
import redoubt.core.model.Sha256;

/// Who may use the server, and the tokens by which it knows them.
public final class OperatorStore {
  /// What every token begins with, so that it is found where it should not be.
  private static final String PREFIX = "redoubt-operator-";

  private static final int SECRET_BYTES = 32;
  private static final int MOST_CHARS = 128;
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9._-]{0,63}");

  private final SecureRandom random = new SecureRandom();
  private final Database database;

  public OperatorStore(Database database) {
    this.database = database;
  }

  /// A token that nobody has yet.
  public String newToken() {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /// Lets somebody in, or gives them another role and token.
  ///
  /// @param by who does
  /// @return the token, which nobody can ask for again
  /// @throws RefusedException if the name is none, or the last owner would be owner no more
  public String put(String name, Role role, String by, Instant now) {
    String token = newToken();
    put(name, role, token, by, now);
    return token;
  }

  /// As [#put(String, Role, String, Instant)], by a token that was made before.
  public void put(String name, Role role, String token, String by, Instant now) {
    if (!FORM.matcher(name).matches()) {
      throw new RefusedException(
          "a name has 1 to 64 of a-z 0-9 . _ - and begins with a letter: name=" + shown(name));
    }
    database.change(in -> {
      if (role != Role.OWNER) {
        requireOwnerBeside(in, name);
      }
      in.deleteFrom(TABLE).where(NAME.eq(name)).execute();
      in.insertInto(TABLE)
          .set(NAME, name)
          .set(ROLE, role.name())
          .set(TOKEN_DIGEST, Sha256.ofText(token).toString())
          .set(MADE_BY, by)
          .set(MADE_MILLIS, now.toEpochMilli())
          .execute();
      AuditTrail.add(in, now, by, "operator.put", name, "role=" + role);
    });
  }

  /// Lets somebody in no more.
  ///
  /// @param by who does
  /// @throws RefusedException if there is nobody by that name, or it is the last owner
  public void remove(String name, String by, Instant now) {
    database.change(in -> {
      requireOwnerBeside(in, name);
      if (in.deleteFrom(TABLE).where(NAME.eq(name)).execute() == 0) {
        throw new RefusedException("nobody has that name: name=" + shown(name));
      }
      AuditTrail.add(in, now, by, "operator.remove", name, "");
    });
  }

  /// Who has a token; nobody if there is none such.
  public Optional<Operator> holder(String token) {
    if (token.length() > MOST_CHARS || !token.startsWith(PREFIX)) {
      return Optional.empty();
    }
    // Whoever measures how long the search takes learns of a digest, and not of a token.
    return database.transaction(in ->
        in.selectFrom(TABLE)
            .where(TOKEN_DIGEST.eq(Sha256.ofText(token).toString()))
            .fetchOptional()
            .map(OperatorStore::operator));
  }

  /// All, by name.
  public List<Operator> list() {
    return database.transaction(
        in -> in.selectFrom(TABLE).orderBy(NAME).fetch(OperatorStore::operator));
  }

  private static void requireOwnerBeside(DSLContext in, String name) {
    boolean isOwner = in.fetchExists(TABLE, NAME.eq(name).and(ROLE.eq(Role.OWNER.name())));
    if (isOwner && !in.fetchExists(TABLE, NAME.ne(name).and(ROLE.eq(Role.OWNER.name())))) {
      throw new RefusedException("somebody has to own the fleet: make another owner first");
    }
  }

  private static String shown(String name) {
    return name.substring(0, Math.min(name.length(), MOST_CHARS));
  }

  private static Operator operator(Record row) {
    return new Operator(
        row.get(NAME),
        Role.valueOf(row.get(ROLE)),
        row.get(MADE_BY),
        Instant.ofEpochMilli(row.get(MADE_MILLIS)));
  }
}
