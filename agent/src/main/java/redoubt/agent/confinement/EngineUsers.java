package redoubt.agent.confinement;

/// The user ids under which engines run. They come after those that Debian gives to packages and
/// people: that of the engine in slot 0 first, then those of the other slots, of all slots' relays,
/// and of engines that are tried.
public final class EngineUsers {
  /// That of the engine in slot 0.
  public static final int FIRST = 64_900;

  /// That of an engine which the agent tries, behind sixteen engines and their relays.
  public static final int TRIED = FIRST + 32;

  /// That of an engine which the command tries.
  public static final int LINTED = TRIED + 1;

  private EngineUsers() {}
}
