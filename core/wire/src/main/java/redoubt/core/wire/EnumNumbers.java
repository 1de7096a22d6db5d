package redoubt.core.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventField;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.PackageState;
import redoubt.core.model.Place;
import redoubt.core.model.ResponseAction;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// The numbers that enumerations have in the schema. 0 is `UNSPECIFIED` in each and never valid
/// where a value is needed.
final class EnumNumbers {
  private static final int CLASSES_PER_MESSAGE = 64;
  private static final EventClass[] CLASSES = EventClass.values();
  private static final EventField[] FIELDS = EventField.values();
  private static final ResponseAction[] ACTIONS = ResponseAction.values();

  private EnumNumbers() {}

  static int of(EventClass value) {
    return switch (value) {
      case EXEC -> 1;
      case OPEN -> 2;
      case PROCESS_START -> 3;
      case PROCESS_EXIT -> 4;
      case FILE_CREATE -> 5;
      case FILE_MODIFY -> 6;
      case FILE_RENAME -> 7;
      case FILE_DELETE -> 8;
      case FILE_ATTRIBUTES -> 9;
      case NET_CONNECT -> 10;
      case NET_LISTEN -> 11;
      case NET_CLOSE -> 12;
      case PROCESS_ACCESS -> 13;
      case PROCESS_FORK -> 14;
      case PROCESS_IDENTITY -> 15;
      case DNS_MESSAGE -> 16;
      case DEVICE_CONNECT -> 17;
      case DEVICE_DISCONNECT -> 18;
      case MODULE_LOAD -> 19;
      case MODULE_UNLOAD -> 20;
      case MOUNT -> 21;
      case UNMOUNT -> 22;
      case AUDIT_RECORD -> 23;
      case LOGIN -> 24;
      case LOGIN_FAILURE -> 25;
      case LOGOUT -> 26;
      case ACCOUNT_CREATE -> 27;
      case ACCOUNT_CHANGE -> 28;
      case ACCOUNT_DELETE -> 29;
      case SCAN -> 30;
      case FILE_CONTENT -> 31;
    };
  }

  static int of(@Nullable Verdict value) {
    return switch (value) {
      case null -> 0;
      case ALLOW -> 1;
      case DENY -> 2;
    };
  }

  static int of(VerdictScope value) {
    return switch (value) {
      case EVENT -> 1;
      case FILE -> 2;
      case FILE_AND_ACTOR -> 3;
    };
  }

  static int of(EngineMode value) {
    return switch (value) {
      case MONITOR -> 1;
      case ENFORCE -> 2;
    };
  }

  static int of(@Nullable FindingLevel value) {
    return switch (value) {
      case null -> 0;
      case INFORMATIONAL -> 1;
      case LOW -> 2;
      case MEDIUM -> 3;
      case HIGH -> 4;
      case CRITICAL -> 5;
    };
  }

  static int of(EventField value) {
    return switch (value) {
      case IMAGE -> 1;
      case COMMAND_LINE -> 2;
      case WORKING_DIRECTORY -> 3;
      case USER -> 4;
      case PARENT_IMAGE -> 5;
      case PARENT_COMMAND_LINE -> 6;
      case PARENT_USER -> 7;
      case FILE_PATH -> 8;
      case OLD_FILE_PATH -> 9;
      case LOCAL_ADDRESS -> 10;
      case LOCAL_PORT -> 11;
      case REMOTE_ADDRESS -> 12;
      case REMOTE_PORT -> 13;
      case TARGET_IMAGE -> 14;
      case SHA256 -> 15;
      case HASHES -> 16;
    };
  }

  static int of(Place value) {
    return switch (value) {
      case WHOLE -> 1;
      case ANYWHERE -> 2;
      case START -> 3;
      case END -> 4;
    };
  }

  static int of(PackageState value) {
    return switch (value) {
      case NONE -> 0;
      case AS_SHIPPED -> 1;
      case CHANGED -> 2;
      case UNVERIFIED -> 3;
    };
  }

  static PackageState packageState(int number) throws WireException {
    return switch (number) {
      case 0 -> PackageState.NONE;
      case 1 -> PackageState.AS_SHIPPED;
      case 2 -> PackageState.CHANGED;
      case 3 -> PackageState.UNVERIFIED;
      default -> throw unknown("package state", number);
    };
  }

  static EventField field(int number) throws WireException {
    for (EventField value : FIELDS) {
      if (of(value) == number) {
        return value;
      }
    }
    throw unknown("event field", number);
  }

  static Place place(int number) throws WireException {
    return switch (number) {
      case 1 -> Place.WHOLE;
      case 2 -> Place.ANYWHERE;
      case 3 -> Place.START;
      case 4 -> Place.END;
      default -> throw unknown("place", number);
    };
  }

  static EventClass eventClass(int number) throws WireException {
    for (EventClass value : CLASSES) {
      if (of(value) == number) {
        return value;
      }
    }
    throw unknown("event class", number);
  }

  static Verdict verdict(int number) throws WireException {
    return switch (number) {
      case 1 -> Verdict.ALLOW;
      case 2 -> Verdict.DENY;
      default -> throw unknown("verdict", number);
    };
  }

  static @Nullable Verdict findVerdict(int number) throws WireException {
    return number == 0 ? null : verdict(number);
  }

  static VerdictScope scope(int number) throws WireException {
    return switch (number) {
      case 1 -> VerdictScope.EVENT;
      case 2 -> VerdictScope.FILE;
      case 3 -> VerdictScope.FILE_AND_ACTOR;
      default -> throw unknown("verdict scope", number);
    };
  }

  static @Nullable FindingLevel findLevel(int number) throws WireException {
    return switch (number) {
      case 0 -> null;
      case 1 -> FindingLevel.INFORMATIONAL;
      case 2 -> FindingLevel.LOW;
      case 3 -> FindingLevel.MEDIUM;
      case 4 -> FindingLevel.HIGH;
      case 5 -> FindingLevel.CRITICAL;
      default -> throw unknown("finding level", number);
    };
  }

  static EngineMode mode(int number) throws WireException {
    return switch (number) {
      case 1 -> EngineMode.MONITOR;
      case 2 -> EngineMode.ENFORCE;
      default -> throw unknown("engine mode", number);
    };
  }

  /// Writes a set of classes in ascending order of their numbers.
  static void write(ProtoWriter out, int field, Set<EventClass> classes) {
    write(out, field, classes, CLASSES, EnumNumbers::of);
  }

  /// Writes a set of actions in ascending order of their numbers.
  static void writeActions(ProtoWriter out, int field, Set<ResponseAction> actions) {
    write(out, field, actions, ACTIONS, EnumNumbers::of);
  }

  private static <E extends Enum<E>> void write(
      ProtoWriter out, int field, Set<E> values, E[] all, ToIntFunction<E> number) {
    if (values.isEmpty()) {
      return;
    }
    out.begin(field);
    for (E value : all) {
      if (values.contains(value)) {
        out.varint(number.applyAsInt(value));
      }
    }
    out.end();
  }

  static int of(ResponseAction value) {
    return switch (value) {
      case KILL -> 1;
      case KILL_TREE -> 2;
      case FREEZE -> 3;
      case COLLECT -> 4;
      case QUARANTINE -> 5;
    };
  }

  /// Reads actions and leaves out those that this version does not know: nobody can do them.
  static void readActions(ProtoReader in, Set<ResponseAction> target) throws WireException {
    readKnown(in, target, ACTIONS, EnumNumbers::of);
  }

  /// Reads classes that must all be known.
  static void readClasses(ProtoReader in, Set<EventClass> target) throws WireException {
    for (long number : numbers(in)) {
      target.add(eventClass(bounded(number)));
    }
  }

  /// Reads classes and leaves out those that this version does not know: a newer engine may ask for
  /// them before the version is agreed on.
  static void readKnownClasses(ProtoReader in, Set<EventClass> target) throws WireException {
    readKnown(in, target, CLASSES, EnumNumbers::of);
  }

  private static <E extends Enum<E>> void readKnown(
      ProtoReader in, Set<E> target, E[] all, ToIntFunction<E> number) throws WireException {
    for (long wanted : numbers(in)) {
      for (E value : all) {
        if (number.applyAsInt(value) == wanted) {
          target.add(value);
        }
      }
    }
  }

  private static List<Long> numbers(ProtoReader in) throws WireException {
    List<Long> numbers = new ArrayList<>();
    in.numbers(numbers, CLASSES_PER_MESSAGE);
    return Collections.unmodifiableList(numbers);
  }

  private static int bounded(long number) {
    return Math.clamp(number, -1, Integer.MAX_VALUE);
  }

  private static WireException unknown(String what, int number) {
    return new WireException("unknown " + what + ": number=" + number);
  }
}
