package redoubt.core.wire;

import java.util.Collection;
import java.util.regex.Pattern;
import redoubt.core.model.EngineId;
import redoubt.core.model.EventClass;

/// The rules for field values, the same when a message is written and when it is read.
///
/// Each throws [IllegalArgumentException]; the codecs turn it into a [WireException] when reading.
final class Check {
  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Pattern SCHEMA_HASH = Pattern.compile("([0-9a-f]{64})?");

  private Check() {}

  static void range(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "out of range: " + name + "=" + value + " least=" + least + " most=" + most);
    }
  }

  static void count(String name, Collection<?> values, int least, int most) {
    range(name, values.size(), least, most);
  }

  static void text(String name, String value, int maxChars) {
    if (!WireText.fits(value, maxChars)) {
      throw new IllegalArgumentException("text too long: " + name + " maxChars=" + maxChars);
    }
  }

  static void required(String name, String value, int maxChars) {
    text(name, value, maxChars);
    if (value.isEmpty()) {
      throw new IllegalArgumentException("text missing: " + name);
    }
  }

  static void path(String name, String value) {
    if (!WireText.pathFits(value)) {
      throw new IllegalArgumentException("path too long: " + name);
    }
  }

  static void code(String value) {
    if (!CODE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "not a code of a-z 0-9 -: code=" + WireText.cut(value, 64));
    }
  }

  static void engineId(String value) {
    EngineId _ = new EngineId(value);
  }

  static void schemaHash(String value) {
    if (!SCHEMA_HASH.matcher(value).matches()) {
      throw new IllegalArgumentException("a schema hash has 64 hexadecimal digits or none");
    }
  }

  static void answerable(EventClass eventClass) {
    if (!eventClass.isAnswerable()) {
      throw new IllegalArgumentException("nobody waits for this class: eventClass=" + eventClass);
    }
  }

  static void eventIds(Collection<Long> ids) {
    count("eventIds", ids, 1, WireLimits.ANSWERS_PER_MESSAGE);
    for (long id : ids) {
      range("eventId", id, 1, Long.MAX_VALUE);
    }
  }
}
