package redoubt.fleet.serving;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where a PostgreSQL database is, and how it is reached.
///
/// @param host its name or address; one of IPv6 in brackets
/// @param port from 1 to 65,535
/// @param name of the database
/// @param user as whom
/// @param password what the user is known by, if it is not known otherwise
/// @param tls how the connection is encrypted and whose certificate is taken, in the words of
///   libpq's `sslmode`
/// @param files of keys and certificates, by the names that libpq has for them
public record DatabaseAddress(
    String host,
    int port,
    String name,
    String user,
    Optional<String> password,
    String tls,
    Map<String, String> files) {
  /// An example, for people.
  public static final String FORM = "postgresql://redoubt@db.example/fleet";

  /// The most characters of a password.
  public static final int MOST_PASSWORD_CHARS = 1_024;

  private static final String SCHEME = "postgresql";
  private static final int USUAL_PORT = 5_432;
  private static final int MOST_PORT = 65_535;
  private static final int MOST_CHARS = 2_048;
  private static final String USUAL_USER = "redoubt";

  /// With what nobody is in between, and nobody else's server is taken for the database.
  private static final String VERIFIED = "verify-full";

  private static final String TLS_OPTION = "sslmode";
  private static final Set<String> TLS_WORDS =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", VERIFIED);
  private static final Set<String> FILE_OPTIONS = Set.of("sslrootcert", "sslcert", "sslkey");

  public DatabaseAddress {
    files = Map.copyOf(files);
  }

  /// Reads one: `postgresql://[USER@]HOST[:PORT]/NAME[?OPTION=VALUE&...]`, with libpq's options
  /// `sslmode`, `sslrootcert`, `sslcert` and `sslkey`.
  ///
  /// Whoever names no `sslmode` gets `verify-full`, on the loopback `prefer`.
  ///
  /// @throws IllegalArgumentException naming what is wrong, if it is none, or it has a password:
  ///   every user of a host reads what is on a command line
  public static DatabaseAddress parse(String text) {
    URI uri = uri(text);
    String host = uri.getHost();
    String user = uri.getUserInfo() == null ? USUAL_USER : uri.getUserInfo();
    if (user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a password does not belong there: name a file of it");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (host == null || user.isEmpty() || path.length() < 2 || path.indexOf('/', 1) >= 0) {
      throw new IllegalArgumentException("not of the form " + FORM);
    }
    int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
    if (port < 1 || port > MOST_PORT) {
      throw new IllegalArgumentException("out of range: port=" + port);
    }
    Map<String, String> options = options(uri.getQuery());
    String tls = options.remove(TLS_OPTION);
    return new DatabaseAddress(
        host,
        port,
        path.substring(1),
        user,
        Optional.empty(),
        tls == null ? Loopback.isOne(host) ? "prefer" : VERIFIED : tls,
        options);
  }

  private static URI uri(String text) {
    if (text.length() > MOST_CHARS) {
      throw new IllegalArgumentException("too long: most=" + MOST_CHARS);
    }
    try {
      URI uri = new URI(text);
      if (SCHEME.equals(uri.getScheme()) && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // What it says of the place in the text helps nobody.
    }
    throw new IllegalArgumentException("not of the form " + FORM);
  }

  private static Map<String, String> options(@Nullable String query) {
    Map<String, String> options = new TreeMap<>();
    if (query == null) {
      return options;
    }
    for (String option : query.split("&", -1)) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      boolean isKnown =
          name.equals(TLS_OPTION)
              ? TLS_WORDS.contains(value)
              : FILE_OPTIONS.contains(name) && !value.isEmpty();
      if (!isKnown || options.put(name, value) != null) {
        throw new IllegalArgumentException("no option of a database: " + option);
      }
    }
    return options;
  }

  /// The same with a password.
  public DatabaseAddress withPassword(String word) {
    return new DatabaseAddress(host, port, name, user, Optional.of(word), tls, files);
  }

  /// As it is written, without the password.
  @Override
  public String toString() {
    return SCHEME + "://" + user + "@" + host + ":" + port + "/" + name;
  }
}
