package redoubt.fleet.simulation;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.fleet.rollout.HostTraits;
import redoubt.fleet.rollout.MaintenanceWindow;
import redoubt.fleet.simulation.Fault.Reach;

/// What hosts there are and how they behave, one array for each fact.
///
/// All numbers here are assumptions, chosen to be harder on the controller than a tidy fleet:
/// baseline silence of about half a percent an hour with day and night in it, lids that are closed
/// without a goodbye, sites whose line fails, and a restart that triples silence for two minutes.
final class World {
  /// A kind that one host in a hundred is of.
  static final int ONE_PERCENT_KIND = 28;

  static final int KINDS = 100;

  // Traits.
  static final byte BAD_CLOCK = 1;
  static final byte DEFECTIVE = 2;
  static final byte LIAR = 4;
  static final byte PINNED = 8;
  static final byte SLOW_LINK = 16;

  private static final int KIND_OFFSET = 5;
  private static final int HOSTS_PER_SITE = 200;
  private static final int MOST_SITES = 60_000;
  static final double BAD_CLOCKS = 0.002;
  static final double PINS = 0.01;
  static final double SLOW_LINKS = 0.08;
  static final double WINDOWED = 0.05;

  /// How long it takes to fetch the update, on average.
  static final int QUICK_LINK_SECONDS = 30;

  static final int SLOW_LINK_SECONDS = 360;

  /// How long a silent host stays so, on average, and how long a site's line.
  static final int RETURN_SECONDS = 900;

  static final int OUTAGE_SECONDS = 900;
  static final double SITE_OUTAGES_PER_HOUR = 0.002;

  /// How many of those that go to sleep say so.
  static final double GOODBYES = 0.99;

  /// A restart triples silence for so long: twice as much comes on top.
  static final int RESTART_SECONDS = 120;

  static final double RESTART_EXTRA = 2;

  /// What ails hosts for reasons of their own: these shares, and for the rest missed deadlines.
  static final double AILS_BY_CRASHES = 0.6;

  static final double AILS_BY_MEMORY = 0.2;
  private static final int FIRST_LAPTOP = 10;
  private static final int FIRST_WORKSTATION = 3;
  private static final int KIND_PATTERN = 20;
  private static final int MORNING = 7;
  private static final int NIGHT = 23;
  private static final int HOUR_SECONDS = 3_600;
  private static final int DAY_HOURS = 24;

  /// Where PCs are: hours from UTC, and their share in percent.
  private static final int[][] ZONES = {
    {-8, 8}, {-6, 12}, {-5, 16}, {-3, 5}, {0, 12}, {1, 20}, {2, 4}, {3, 3}, {5, 6}, {8, 7}, {9, 5},
    {10, 2}
  };

  final int hosts;
  final byte[] kind;
  final char[] site;
  final byte[] zone;
  final byte[] traits;
  final byte[] window;
  final int sites;
  private final Scenario scenario;

  World(Scenario scenario, int hosts, double liars, SplittableRandom random) {
    this.scenario = scenario;
    this.hosts = hosts;
    this.sites = Math.clamp(hosts / HOSTS_PER_SITE, 1, MOST_SITES);
    kind = new byte[hosts];
    site = new char[hosts];
    zone = new byte[hosts];
    traits = new byte[hosts];
    window = new byte[hosts];
    byte[] kinds = kindTable();
    byte[] zones = zoneTable();
    for (int host = 0; host < hosts; host++) {
      kind[host] = kinds[random.nextInt(kinds.length)];
      double where = random.nextDouble();
      site[host] = (char) (sites * where * where);
      // A site lies in one zone.
      zone[host] = zones[(site[host] * 7_919) % zones.length];
      window[host] = random.nextDouble() < WINDOWED ? zone[host] : -1;
      traits[host] = traits(host, liars, random);
    }
  }

  private byte traits(int host, double liars, SplittableRandom random) {
    double draw = random.nextDouble();
    int traits = draw < BAD_CLOCKS ? BAD_CLOCK : draw < BAD_CLOCKS + PINS ? PINNED : 0;
    if (random.nextDouble() < SLOW_LINKS) {
      traits |= SLOW_LINK;
    }
    if (liars > 0 && random.nextDouble() < liars) {
      traits |= LIAR;
    }
    boolean defective =
        switch (scenario.fault().reach()) {
          case Reach.Share(double share) ->
              share >= 1 || (share > 0 && random.nextDouble() < share);
          case Reach.OneKind(int one) -> kind[host] == one;
        };
    return (byte) (defective ? traits | DEFECTIVE : traits);
  }

  /// A few kinds are common and many are not.
  private static byte[] kindTable() {
    byte[] table = new byte[1 << 16];
    double reached = 0;
    int filled = 0;
    for (int i = 0; i < KINDS; i++) {
      reached += kindShare(i);
      int end = i == KINDS - 1 ? table.length : (int) (reached * table.length);
      Arrays.fill(table, filled, end, (byte) i);
      filled = end;
    }
    return table;
  }

  private static byte[] zoneTable() {
    byte[] table = new byte[100];
    int filled = 0;
    for (int i = 0; i < ZONES.length; i++) {
      Arrays.fill(table, filled, filled + ZONES[i][1], (byte) i);
      filled += ZONES[i][1];
    }
    return table;
  }

  /// One window for each zone: from one to five in the night.
  static List<MaintenanceWindow> windows() {
    List<MaintenanceWindow> windows = new ArrayList<>();
    for (int[] zone : ZONES) {
      windows.add(
          new MaintenanceWindow(
              ZoneOffset.ofHours(zone[0]),
              EnumSet.allOf(DayOfWeek.class),
              LocalTime.of(1, 0),
              LocalTime.of(5, 0)));
    }
    return windows;
  }

  boolean has(int host, byte trait) {
    return (traits[host] & trait) != 0;
  }

  HostTraits traitsOf(int host) {
    return new HostTraits(classOf(host), kind[host], site[host], 0, window[host]);
  }

  DeviceClass classOf(int host) {
    return classOfKind(kind[host]);
  }

  /// Three kinds of twenty are servers, seven workstations, ten laptops.
  static DeviceClass classOfKind(int kind) {
    int place = kind % KIND_PATTERN;
    return place < FIRST_WORKSTATION
        ? DeviceClass.SERVER
        : place < FIRST_LAPTOP ? DeviceClass.WORKSTATION : DeviceClass.LAPTOP;
  }

  private boolean isNight(int host, int second) {
    return isNight(zone[host], scenario, second);
  }

  static boolean isNight(int zone, Scenario scenario, int second) {
    int hour =
        Math.floorMod(scenario.secondOfDay(second) / HOUR_SECONDS + ZONES[zone][0], DAY_HOURS);
    return hour < MORNING || hour >= NIGHT;
  }

  static int zones() {
    return ZONES.length;
  }

  /// The share of hosts that are in a zone.
  static double zoneShare(int zone) {
    return ZONES[zone][1] / 100.0;
  }

  /// The share of hosts of a kind.
  static double kindShare(int kind) {
    double sum = 0;
    for (int i = 0; i < KINDS; i++) {
      sum += 1.0 / (i + KIND_OFFSET);
    }
    return 1.0 / (kind + KIND_OFFSET) / sum;
  }

  double sleepsPerHour(int host, int second) {
    return sleepsPerHour(classOf(host), isNight(host, second));
  }

  double wakesPerHour(int host, int second) {
    return wakesPerHour(classOf(host), isNight(host, second));
  }

  double silencesPerHour(int host, int second) {
    return silencesPerHour(classOf(host), isNight(host, second));
  }

  /// How often one goes to sleep, per hour.
  static double sleepsPerHour(DeviceClass deviceClass, boolean night) {
    return switch (deviceClass) {
      case SERVER -> 0.0002;
      case WORKSTATION -> night ? 0.3 : 0.05;
      case LAPTOP -> night ? 0.8 : 0.35;
    };
  }

  /// How often one wakes up, per hour asleep.
  static double wakesPerHour(DeviceClass deviceClass, boolean night) {
    return switch (deviceClass) {
      case SERVER -> 10;
      case WORKSTATION -> night ? 0.3 : 1;
      case LAPTOP -> night ? 0.15 : 1.2;
    };
  }

  /// How often one falls silent without a goodbye, per hour.
  static double silencesPerHour(DeviceClass deviceClass, boolean night) {
    double ofClass =
        switch (deviceClass) {
          case SERVER -> 0.0015;
          case WORKSTATION -> 0.005;
          case LAPTOP -> 0.0075;
        };
    return ofClass * (night ? 0.6 : 1.3);
  }

  /// The share that is awake where nothing has changed for long.
  static double awakeShare(DeviceClass deviceClass, boolean night) {
    double wakes = wakesPerHour(deviceClass, night);
    return wakes / (wakes + sleepsPerHour(deviceClass, night));
  }

  /// How often its engine crashes or misbehaves for reasons of its own, per hour.
  static double ailsPerHour() {
    return 0.0001;
  }

  boolean isAwakeAtFirst(int host, SplittableRandom random) {
    return random.nextDouble() < awakeShare(classOf(host), isNight(host, 0));
  }
}
