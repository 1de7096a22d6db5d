package redoubt.core.tuf.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.TufException;

/// What metadata says of a target that is a bundle, so that a host finds the newest one without
/// fetching any. Other TUF clients read past it.
///
/// ```
/// "custom": {"x-redoubt-bundle": {"channel": "stable", "engine": "sigma", "name": "linux-rules",
///            "schema": "…", "version": 7}}
/// ```
///
/// @param engine the engine that it is for
/// @param name what it is
/// @param version from 1
/// @param schema SHA-256 of the schema that its content is written in, hexadecimal
/// @param channel for whom it is meant: [#STABLE], or what its vendor calls others
public record PublishedBundle(
    String engine, String name, long version, String schema, String channel) {
  /// The channel of whoever names none.
  public static final String STABLE = "stable";

  /// The channel of bundles that no host is to have in force any more.
  public static final String REVOKED = "revoked";

  private static final String MEMBER = "x-redoubt-bundle";
  private static final Pattern CHANNEL = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  /// Insists on a version and a channel.
  ///
  /// @throws IllegalArgumentException if there is none
  public PublishedBundle {
    if (version < 1 || !isChannel(channel)) {
      throw new IllegalArgumentException(
          "no published bundle: version=" + version + " channel=" + channel);
    }
  }

  /// Whether vendor and trial runner say that no host is to have it in force any more.
  public boolean isRevoked() {
    return channel.equals(REVOKED);
  }

  /// The same, revoked.
  public PublishedBundle revoked() {
    return new PublishedBundle(engine, name, version, schema, REVOKED);
  }

  /// Whether that can be a channel: 1 to 32 small letters, digits and `-`, not first.
  public static boolean isChannel(String text) {
    return CHANNEL.matcher(text).matches();
  }

  /// Reads it out of a target; nothing if it is no bundle, or not to be understood.
  public static Optional<PublishedBundle> find(TargetFile file) {
    try {
      Json.Members form = file.custom().members(MEMBER);
      return Optional.of(
          new PublishedBundle(
              form.text("engine"),
              form.text("name"),
              form.whole("version", 1),
              form.text("schema"),
              form.find("channel").isPresent() ? form.text("channel") : STABLE));
    } catch (TufException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// A target's member `custom`.
  public Json.Members custom() {
    Map<String, Json> form = new LinkedHashMap<>();
    form.put("channel", new Json.Text(channel));
    form.put("engine", new Json.Text(engine));
    form.put("name", new Json.Text(name));
    form.put("schema", new Json.Text(schema));
    form.put("version", new Json.Whole(version));
    return new Json.Members(Map.of(MEMBER, new Json.Members(form)));
  }
}
