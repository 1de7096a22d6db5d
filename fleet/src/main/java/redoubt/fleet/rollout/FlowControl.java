package redoubt.fleet.rollout;

import java.util.Arrays;

/// Keeps [Flow]: counts who is exposed and who is well, over all, by kind and by site.
///
/// A lease counts from its grant, used or not, and until the host is confirmed: nobody can know
/// whether a silent host has used it. Used by the controller and by the simulation of cohorts.
public final class FlowControl {
  private static final double BURST_SECONDS = 30;

  private final Flow flow;
  private final Counts kinds = new Counts();
  private final Counts sites = new Counts();
  private long exposed;
  private long healthy;
  private double tokens;

  /// Exposed and healthy hosts of each kind or site.
  private static final class Counts {
    private int[] exposed = new int[0];
    private int[] healthy = new int[0];

    boolean admits(int index, int window, double growth) {
      return index >= exposed.length
          || exposed[index] - healthy[index] + 1 <= window + growth * healthy[index];
    }

    void add(int index, int moreExposed, int moreHealthy) {
      if (index >= exposed.length) {
        exposed = Arrays.copyOf(exposed, index + 1 + index / 2);
        healthy = Arrays.copyOf(healthy, exposed.length);
      }
      exposed[index] += moreExposed;
      healthy[index] += moreHealthy;
    }
  }

  public FlowControl(Flow flow) {
    this.flow = flow;
    this.tokens = flow.firstWindow();
  }

  /// How many more hosts may be exposed now, over all.
  public long room() {
    double window = flow.firstWindow() + flow.growth() * healthy - (exposed - healthy);
    double least = flow.doublingSeconds() == 0 ? window : Math.min(window, tokens);
    return Math.max(0, (long) Math.floor(least));
  }

  /// Whether a host of this kind at this site may be exposed, as far as those are concerned.
  boolean admits(int kind, int site) {
    return kinds.admits(kind, flow.kindWindow(), flow.growth())
        && sites.admits(site, flow.siteWindow(), flow.growth());
  }

  /// Time has passed in which the rollout ran.
  public void pass(double seconds) {
    if (flow.doublingSeconds() > 0) {
      double perSecond = Math.log(2) / flow.doublingSeconds() * (flow.firstWindow() + exposed);
      tokens =
          Math.min(
              tokens + perSecond * seconds,
              Math.max(flow.firstWindow(), perSecond * BURST_SECONDS));
    }
  }

  void expose(int kind, int site) {
    kinds.add(kind, 1, 0);
    sites.add(site, 1, 0);
    expose(1);
  }

  void confirm(int kind, int site) {
    kinds.add(kind, 0, 1);
    sites.add(site, 0, 1);
    confirm(1);
  }

  /// A host that was confirmed is not well after all.
  void withdraw(int kind, int site) {
    kinds.add(kind, 0, -1);
    sites.add(site, 0, -1);
    confirm(-1);
  }

  /// Counts hosts of whatever kind as exposed.
  public void expose(long hosts) {
    exposed += hosts;
    tokens -= hosts;
  }

  /// Counts exposed hosts of whatever kind as healthy, or no longer so if negative.
  public void confirm(long hosts) {
    healthy += hosts;
  }

  /// How many have had a lease.
  public long exposed() {
    return exposed;
  }

  /// How many of these are confirmed and well.
  public long healthy() {
    return healthy;
  }
}
