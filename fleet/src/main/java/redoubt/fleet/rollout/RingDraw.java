package redoubt.fleet.rollout;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import redoubt.fleet.rollout.Ring.Members;

/// Draws who is in which ring. Pure: the same salt draws the same.
final class RingDraw {
  /// In no ring: held back, to compare with.
  static final byte HELD_BACK = Byte.MAX_VALUE;

  private final RolloutPlan plan;

  RingDraw(RolloutPlan plan) {
    this.plan = plan;
  }

  /// Puts each host into its ring.
  ///
  /// @param isFree whether a host may be updated now; the first of its kind is one that may, if
  ///   there is one
  void draw(HostTable hosts, IntPredicate isFree) {
    for (int host = 0; host < hosts.size(); host++) {
      hosts.ring[host] = ringOf(host, hosts.labels(host));
    }
    seeEveryKind(hosts, isFree);
  }

  /// The ring of one that comes when rings are drawn: never among the first, and in none if only
  /// others are meant.
  byte late(int host, long labels) {
    byte last = (byte) (plan.rings().size() - 1);
    boolean isForAll = plan.rings().getLast().members() instanceof Members.Everyone;
    return isForAll || ringOf(host, labels) != HELD_BACK ? last : HELD_BACK;
  }

  /// The ring of one host. Who is named or labelled is never held back.
  private byte ringOf(int host, long labels) {
    double point = point(host);
    double begin = 0;
    List<Ring> rings = plan.rings();
    for (int ring = 0; ring < rings.size(); ring++) {
      boolean member =
          switch (rings.get(ring).members()) {
            case Members.Hosts(var hosts) -> hosts.contains(host);
            case Members.Labelled(long wanted) -> (labels & wanted) != 0;
            case Members.Share(double share) -> {
              double from = begin;
              begin += share;
              yield point >= from && point < begin;
            }
            case Members.Everyone() -> point < 1 - plan.holdback();
          };
      if (member) {
        return (byte) ring;
      }
    }
    return HELD_BACK;
  }

  /// Where a host stands in the draw, from 0 to 1.
  private double point(int host) {
    return (mix(plan.salt() ^ mix(host)) >>> 11) * 0x1p-53;
  }

  /// Gives the first ring one host of each kind that has none in it yet: that which the draw puts
  /// first of those that may be updated now, or else of those that may some time. Only a drawn
  /// ring; others are as the owner named them.
  private void seeEveryKind(HostTable hosts, IntPredicate isFree) {
    if (!(plan.rings().getFirst().members() instanceof Members.Share)) {
      return;
    }
    int[] first = new int[Character.MAX_VALUE + 1];
    Arrays.fill(first, -1);
    double[] points = new double[first.length];
    for (int host = 0; host < hosts.size(); host++) {
      if (hosts.ring[host] == HELD_BACK || hosts.is(host, HostTable.PINNED)) {
        continue;
      }
      int kind = hosts.kind[host];
      double point = point(host) + (isFree.test(host) ? 0 : 1);
      if (first[kind] < 0 || point < points[kind]) {
        first[kind] = host;
        points[kind] = point;
      }
    }
    for (int host : first) {
      if (host >= 0) {
        hosts.ring[host] = 0;
      }
    }
  }

  /// Spreads a number over all 64 bits: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
  static long mix(long number) {
    long mixed = number + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
