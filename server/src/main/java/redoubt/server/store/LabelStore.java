package redoubt.server.store;

import static redoubt.server.store.Tables.Label.HOST;
import static redoubt.server.store.Tables.Label.NAME;
import static redoubt.server.store.Tables.Label.TABLE;
import static redoubt.server.store.Tables.Window.HOURS;
import static redoubt.server.store.Tables.Window.LABEL;
import static redoubt.server.store.Tables.Window.MADE_BY;
import static redoubt.server.store.Tables.Window.MADE_MILLIS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import redoubt.core.model.HostId;
import redoubt.fleet.rollout.MaintenanceWindow;

/// What owners call hosts by, and the hours in which those with a label may be updated.
public final class LabelStore {
  /// The most labels of a fleet: as many as a controller tells apart.
  public static final int MOST = 64;

  private static final int MOST_OF_A_HOST = 16;
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final JsonMapper JSON = new JsonMapper();

  private final Database database;

  public LabelStore(Database database) {
    this.database = database;
  }

  /// Sees to it that a label is one.
  ///
  /// @return the label
  /// @throws IllegalArgumentException if it is none
  public static String requireLabel(String label) {
    if (!FORM.matcher(label).matches()) {
      throw new IllegalArgumentException(
          "a label has 1 to 64 of a-z 0-9 . _ - and begins with a letter or digit");
    }
    return label;
  }

  /// Gives a host labels and takes others from it.
  ///
  /// @param by who does
  /// @throws RefusedException if it is no host of the fleet, or there would be too many labels
  public void change(HostId host, Set<String> add, Set<String> remove, String by, Instant now) {
    database.change(in -> {
      HostStore.requireIn(in, host);
      in.deleteFrom(TABLE).where(HOST.eq(host.toString())).and(NAME.in(remove)).execute();
      for (String label : add) {
        RolloutStore.numberOf(in, RolloutStore.Trait.LABEL, requireLabel(label));
        in.insertInto(TABLE)
            .set(HOST, host.toString())
            .set(NAME, label)
            .onConflictDoNothing()
            .execute();
      }
      if (in.fetchCount(TABLE, HOST.eq(host.toString())) > MOST_OF_A_HOST) {
        throw new RefusedException("too many labels of one host: most=" + MOST_OF_A_HOST);
      }
      AuditTrail.add(
          in, now, by, "host.label", host.toString(), "added=" + add + " removed=" + remove);
    });
  }

  /// Those of hosts, sorted; of hosts without any there is nothing.
  static Map<String, List<String>> of(DSLContext in, Collection<String> hosts) {
    return in.select(HOST, NAME)
        .from(TABLE)
        .where(HOST.in(hosts))
        .orderBy(NAME)
        .fetchGroups(HOST, NAME);
  }

  /// Says when hosts with a label may be updated.
  ///
  /// @param by who does
  /// @throws RefusedException if there would be too many labels
  public void setWindow(String label, MaintenanceWindow window, String by, Instant now) {
    String hours = WindowJson.write(window).toString();
    database.change(in -> {
      RolloutStore.numberOf(in, RolloutStore.Trait.LABEL, requireLabel(label));
      in.deleteFrom(Tables.Window.TABLE).where(LABEL.eq(label)).execute();
      in.insertInto(Tables.Window.TABLE)
          .set(LABEL, label)
          .set(HOURS, hours)
          .set(MADE_BY, by)
          .set(MADE_MILLIS, now.toEpochMilli())
          .execute();
      AuditTrail.add(in, now, by, "window.set", label, hours);
    });
  }

  /// They may at any time.
  ///
  /// @param by who says so
  /// @throws RefusedException if that is so
  public void removeWindow(String label, String by, Instant now) {
    database.change(in -> {
      if (in.deleteFrom(Tables.Window.TABLE).where(LABEL.eq(label)).execute() == 0) {
        throw new RefusedException("no window of that label: label=" + label);
      }
      AuditTrail.add(in, now, by, "window.remove", label, "");
    });
  }

  /// The windows, by their labels.
  public NavigableMap<String, MaintenanceWindow> windows() {
    return database.transaction(in -> {
      NavigableMap<String, MaintenanceWindow> all = new TreeMap<>();
      in.selectFrom(Tables.Window.TABLE)
          .forEach(row -> all.put(row.get(LABEL), window(row.get(HOURS))));
      return all;
    });
  }

  private static MaintenanceWindow window(String hours) {
    try {
      return WindowJson.read(JSON.readTree(hours));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("we wrote it: hours=" + hours, e);
    }
  }
}
