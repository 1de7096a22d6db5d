package redoubt.fleet.rollout;

/// How the health of hosts is watched.
///
/// @param heartbeatSeconds how often each host is heard of
/// @param silentAfterSeconds after how long without a word or a goodbye a host counts as failed
/// @param soakSeconds how long the new bundle runs before a host may confirm it
/// @param leaseSeconds how long a lease may wait to be used
/// @param alpha the chance at most that a good update is halted by the health gate, whenever one
///   looks
/// @param rollsBack whether a halt for bad health also rolls back, without a human
public record Watch(
    int heartbeatSeconds,
    int silentAfterSeconds,
    int soakSeconds,
    int leaseSeconds,
    double alpha,
    boolean rollsBack) {
  /// What the channels use.
  public static final Watch USUAL = new Watch(30, 75, 120, 300, 0.005, true);

  public Watch {
    if (heartbeatSeconds < 1 || silentAfterSeconds <= heartbeatSeconds || soakSeconds < 1) {
      throw new IllegalArgumentException(
          "no such watch: heartbeat=" + heartbeatSeconds + " silentAfter=" + silentAfterSeconds);
    }
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("no chance: alpha=" + alpha);
    }
  }

  /// The same with another soak.
  public Watch withSoak(int seconds) {
    return new Watch(heartbeatSeconds, silentAfterSeconds, seconds, leaseSeconds, alpha, rollsBack);
  }
}
