package redoubt.engine.sigma.live;

import java.util.LinkedHashMap;
import java.util.Map;

/// A map that forgets what was put first for each that is put beyond its bound. Not thread-safe.
final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;

  private final int most;

  BoundedMap(int most) {
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
