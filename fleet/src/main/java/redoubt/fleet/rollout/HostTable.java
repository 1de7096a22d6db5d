package redoubt.fleet.rollout;

import java.util.Arrays;

/// What is known of each host, one array for each fact: 21 bytes a host.
final class HostTable {
  // What has become of a host, in this order: from LEASED on it may have run the bundle.
  static final byte IDLE = 0;
  static final byte WAITING = 1;
  static final byte LEASED = 2;
  static final byte ACTIVE = 3;
  static final byte CONFIRMED = 4;
  static final byte FAILED = 5;
  static final byte ROLLED_BACK = 6;

  // Facts that are true or not.
  static final byte ONLINE = 1;
  static final byte PINNED = 2;
  // It is in a risk set.
  static final byte WATCHED = 4;
  // Its first symptom has been counted.
  static final byte COUNTED = 8;

  byte[] status;
  byte[] flags;
  byte[] ring;
  byte[] deviceClass;
  byte[] window;
  char[] kind;
  char[] site;
  int[] lastHeard;
  int[] grantedAt;
  int[] lease;
  private long[] labels = new long[0];
  private int size;

  HostTable(int expectedHosts) {
    status = new byte[expectedHosts];
    flags = new byte[expectedHosts];
    ring = new byte[expectedHosts];
    deviceClass = new byte[expectedHosts];
    window = new byte[expectedHosts];
    kind = new char[expectedHosts];
    site = new char[expectedHosts];
    lastHeard = new int[expectedHosts];
    grantedAt = new int[expectedHosts];
    lease = new int[expectedHosts];
  }

  int size() {
    return size;
  }

  /// Refuses a number that no host has: whoever gave it one is broken.
  void requireKnown(int host) {
    if (host < 0 || host >= size) {
      throw new IllegalArgumentException("no such host: host=" + host + " hosts=" + size);
    }
  }

  /// Adds the next host.
  int add() {
    if (size == status.length) {
      grow(Math.max(64, size + size / 2));
    }
    return size++;
  }

  void describe(int host, HostTraits traits) {
    deviceClass[host] = (byte) traits.deviceClass().number();
    kind[host] = (char) traits.kind();
    site[host] = (char) traits.site();
    window[host] = (byte) traits.maintenanceWindow();
    if (traits.labels() != 0 || host < labels.length) {
      // Few fleets have any, and most of the memory would be theirs.
      if (host >= labels.length) {
        labels = Arrays.copyOf(labels, host + 1 + host / 2);
      }
      labels[host] = traits.labels();
    }
  }

  long labels(int host) {
    return host < labels.length ? labels[host] : 0;
  }

  /// Takes all that are there as heard of just now.
  void hearAll(int now) {
    for (int host = 0; host < size; host++) {
      if (is(host, ONLINE)) {
        lastHeard[host] = now;
      }
    }
  }

  boolean is(int host, byte flag) {
    return (flags[host] & flag) != 0;
  }

  void set(int host, byte flag, boolean value) {
    flags[host] = (byte) (value ? flags[host] | flag : flags[host] & ~flag);
  }

  /// Whether it has a lease for the bundle and is not known to have left it.
  boolean isTreated(int host) {
    return status[host] >= LEASED && status[host] <= CONFIRMED;
  }

  private void grow(int hosts) {
    status = Arrays.copyOf(status, hosts);
    flags = Arrays.copyOf(flags, hosts);
    ring = Arrays.copyOf(ring, hosts);
    deviceClass = Arrays.copyOf(deviceClass, hosts);
    window = Arrays.copyOf(window, hosts);
    kind = Arrays.copyOf(kind, hosts);
    site = Arrays.copyOf(site, hosts);
    lastHeard = Arrays.copyOf(lastHeard, hosts);
    grantedAt = Arrays.copyOf(grantedAt, hosts);
    lease = Arrays.copyOf(lease, hosts);
  }

  /// A number that differs, all but certainly, when any fact of any host does.
  long digest() {
    long sum = size;
    for (int host = 0; host < size; host++) {
      long facts =
          status[host]
              | ((long) flags[host] << 8)
              | ((long) ring[host] << 16)
              | ((long) deviceClass[host] << 24)
              | ((long) kind[host] << 32)
              | ((long) site[host] << 48);
      sum = RingDraw.mix(sum ^ facts);
      sum = RingDraw.mix(sum ^ (lastHeard[host] | ((long) grantedAt[host] << 32)));
      sum = RingDraw.mix(sum ^ (lease[host] | ((long) window[host] << 32)));
    }
    return sum;
  }
}
