package redoubt.core.linux;

import java.util.Map;
import java.util.TreeMap;

/// What this room takes sizes, places and values of C to be, by the expression that says them.
final class Layouts {
  final Map<String, Long> expected = new TreeMap<>();

  void value(String expression, long value) {
    expected.put(expression, value);
  }

  void size(String struct, int bytes) {
    value("sizeof(" + struct + ")", bytes);
  }

  void offset(String struct, String member, int offset) {
    value("offsetof(" + struct + ", " + member + ")", offset);
  }
}
