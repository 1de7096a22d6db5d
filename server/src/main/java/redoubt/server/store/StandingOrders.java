package redoubt.server.store;

import static redoubt.server.store.Tables.StandingOrder.MADE_BY;
import static redoubt.server.store.Tables.StandingOrder.MADE_MILLIS;
import static redoubt.server.store.Tables.StandingOrder.SUBJECT;
import static redoubt.server.store.Tables.StandingOrder.TABLE;
import static redoubt.server.store.Tables.StandingOrder.WHAT;

import java.time.Instant;
import java.util.List;

/// What the owner has said that holds for every rollout, until it is taken back.
public final class StandingOrders {
  private final Database database;

  public StandingOrders(Database database) {
    this.database = database;
  }

  /// What is said.
  public enum What {
    /// Nothing of a vendor is activated.
    VENDOR_KILLED("vendor.kill", "vendor.revive"),
    /// A host stays as it is.
    HOST_PINNED("host.pin", "host.unpin");

    private final String action;
    private final String opposite;

    What(String action, String opposite) {
      this.action = action;
      this.opposite = opposite;
    }
  }

  /// An order.
  ///
  /// @param subject the vendor, or the id of the host
  public record Order(What what, String subject) {}

  /// Sets one or takes it back.
  ///
  /// @param by who does
  /// @throws RefusedException if it stood already, or did not
  public void set(Order order, boolean stands, String by, Instant now) {
    database.change(in -> {
      int changed =
          stands
              ? in.insertInto(TABLE)
                  .set(WHAT, order.what().name())
                  .set(SUBJECT, order.subject())
                  .set(MADE_BY, by)
                  .set(MADE_MILLIS, now.toEpochMilli())
                  .onConflictDoNothing()
                  .execute()
              : in.deleteFrom(TABLE)
                  .where(WHAT.eq(order.what().name()))
                  .and(SUBJECT.eq(order.subject()))
                  .execute();
      if (changed == 0) {
        throw already(order, stands);
      }
      AuditTrail.add(
          in, now, by, stands ? order.what().action : order.what().opposite, order.subject(), "");
    });
  }

  /// Sees to it that an order is not what is so already.
  ///
  /// @throws RefusedException if it stands already, or does not
  public void requireChange(Order order, boolean stands) {
    if (list().contains(order) == stands) {
      throw already(order, stands);
    }
  }

  private static RefusedException already(Order order, boolean stands) {
    return new RefusedException(
        stands ? "that is so already: " + order.subject() : "it is not: " + order.subject());
  }

  /// All that stand.
  public List<Order> list() {
    return database.transaction(in ->
        in.selectFrom(TABLE)
            .orderBy(WHAT, SUBJECT)
            .fetch(row -> new Order(What.valueOf(row.get(WHAT)), row.get(SUBJECT))));
  }
}
