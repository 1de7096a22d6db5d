package redoubt.fleet.rollout;

import java.util.Arrays;

/// Numbers of hosts, in the order in which they were heard of. Immutable.
public final class HostBatch {
  private final int[] hosts;

  private HostBatch(int[] hosts) {
    this.hosts = hosts;
  }

  /// Of the first `count` numbers of an array, which are copied.
  public static HostBatch of(int[] hosts, int count) {
    return new HostBatch(Arrays.copyOf(hosts, count));
  }

  /// Of those numbers.
  public static HostBatch of(int... hosts) {
    return new HostBatch(hosts.clone());
  }

  public int size() {
    return hosts.length;
  }

  public int host(int index) {
    return hosts[index];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostBatch batch && Arrays.equals(hosts, batch.hosts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hosts);
  }

  @Override
  public String toString() {
    return hosts.length + " hosts";
  }
}
