package redoubt.agent.bounded;

import java.util.LinkedHashMap;
import java.util.Map;

/// A map that forgets an entry for each that is put beyond its bound. Not thread-safe.
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;
  private static final int FIRST_CAPACITY = 16;
  private static final float LOAD_FACTOR = 0.75f;

  private final int most;

  private BoundedMap(int most, boolean byUse) {
    super(FIRST_CAPACITY, LOAD_FACTOR, byUse);
    this.most = most;
  }

  /// A map that forgets what was put first; what is put again keeps its place.
  ///
  /// @param most how many entries it has at most
  public static <K, V> BoundedMap<K, V> forgettingEldest(int most) {
    return new BoundedMap<>(most, false);
  }

  /// A map that forgets what was asked for, or put, the longest time ago.
  ///
  /// @param most how many entries it has at most
  public static <K, V> BoundedMap<K, V> forgettingUnused(int most) {
    return new BoundedMap<>(most, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
