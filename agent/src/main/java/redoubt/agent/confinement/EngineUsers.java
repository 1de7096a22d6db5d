package redoubt.agent.confinement;

/// The user ids under which engines run. They come after those that Debian gives to packages and
/// people: that of the engine in slot 0 first, then those of the other slots, of all slots' relays,
/// of engines that are tried, and of processes that take over from those in the slots, with their
/// relays.
public final class EngineUsers {
  /// That of the engine in slot 0.
  public static final int FIRST = 64_900;

  /// That of an engine which the agent tries, behind sixteen engines and their relays.
  public static final int TRIED = FIRST + 32;

  /// That of an engine which the command tries.
  public static final int LINTED = TRIED + 1;

  /// How many are for engines that are tried.
  public static final int TRIERS = 2;

  /// That of a program that fetches from a network.
  public static final int COURIER = FIRST - 1;

  /// That of the process that holds the connection to the fleet's server.
  public static final int FLEET = FIRST - 2;

  /// That of its relay.
  public static final int FLEET_RELAY = FIRST - 3;

  private EngineUsers() {}
}
