package redoubt.server.store;

import java.net.URI;
import java.time.Instant;

/// Where findings and the audit go beside the database.
///
/// @param id from 1
/// @param address where to; its scheme says how
/// @param secret what signatures are made with; empty where there are none
/// @param madeBy who has set it up
/// @param next the first that it has not got
/// @param lost how many it will never get, since too many waited
public record OutputEntry(
    int id, URI address, String secret, String madeBy, Instant made, long next, long lost) {
  /// Names nothing of the secret, so that no log has it.
  @Override
  public String toString() {
    return "OutputEntry[id=" + id + ", address=" + address + "]";
  }
}
