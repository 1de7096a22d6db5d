package redoubt.agent.sensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent.AccountChange;
import redoubt.core.model.Sha256;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;

/// The accounts or groups of a host, as its files list them (`passwd(5)`, `shadow(5)`, `group(5)`).
/// Of passwords it keeps a digest of what stands for them, not that itself. Immutable.
///
/// @param group whether these are groups
/// @param entries by name
record AccountTable(boolean group, Map<String, Entry> entries) {
  private static final int MOST_ENTRIES = 65_536;

  /// What each field of the file is called, where a change of it is told; of others it is not.
  private static final List<String> OF_ACCOUNTS =
      List.of("name", "", "uid", "gid", "comment", "home", "shell");

  private static final List<String> OF_GROUPS = List.of("name", "password", "gid", "members");
  private static final List<String> OF_SHADOW =
      List.of("name", "password", "", "", "", "", "", "expiry");

  private static final String PASSWORD = "password";
  private static final int ID_FIELD = 2;

  /// @param id -1 if the file says none
  /// @param fields by what they are called
  record Entry(int id, Map<String, String> fields) {
    Entry {
      fields = Map.copyOf(fields);
    }

    Entry with(Entry more) {
      Map<String, String> all = new HashMap<>(fields);
      all.putAll(more.fields);
      return new Entry(id, all);
    }

    /// The names of the fields in which it differs from what it was, in alphabetical order.
    List<String> differences(Entry before) {
      Set<String> names = new TreeSet<>(fields.keySet());
      names.addAll(before.fields.keySet());
      names.removeIf(name -> Objects.equals(fields.get(name), before.fields.get(name)));
      return List.copyOf(names);
    }
  }

  AccountTable {
    entries = Map.copyOf(entries);
  }

  /// @param passwd the text of that file
  /// @param shadow the text of that file; empty if it could not be read
  static AccountTable ofAccounts(String passwd, String shadow) {
    Map<String, Entry> entries = parse(passwd, OF_ACCOUNTS);
    parse(shadow, OF_SHADOW)
        .forEach((name, more) -> entries.computeIfPresent(name, (_, entry) -> entry.with(more)));
    return new AccountTable(false, entries);
  }

  /// @param group the text of that file
  static AccountTable ofGroups(String group) {
    return new AccountTable(true, parse(group, OF_GROUPS));
  }

  /// Lines that are none are left out.
  private static Map<String, Entry> parse(String text, List<String> names) {
    Map<String, Entry> entries = new HashMap<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      String[] values = line.split(":", -1);
      if (values.length <= ID_FIELD || values[0].isEmpty() || entries.size() >= MOST_ENTRIES) {
        continue;
      }
      Map<String, String> fields = new HashMap<>();
      for (int i = 1; i < Math.min(values.length, names.size()); i++) {
        if (!names.get(i).isEmpty()) {
          fields.put(names.get(i), kept(names.get(i), values[i]));
        }
      }
      entries.putIfAbsent(values[0], new Entry(number(values[ID_FIELD]), fields));
    }
    return entries;
  }

  private static String kept(String name, String value) {
    return name.equals(PASSWORD) ? Sha256.ofText(value).toString() : value;
  }

  private static int number(String text) {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  /// What is different from before, in no order but of one kind after the other.
  List<AccountChange> since(AccountTable before, long timeNanos) {
    List<AccountChange> changes = new ArrayList<>();
    before.entries.forEach((name, entry) -> {
      if (!entries.containsKey(name)) {
        changes.add(change(EventClass.ACCOUNT_DELETE, timeNanos, name, entry, List.of()));
      }
    });
    entries.forEach((name, entry) -> {
      Entry old = before.entries.get(name);
      List<String> different = old == null ? List.of() : entry.differences(old);
      if (old == null || !different.isEmpty()) {
        EventClass what = old == null ? EventClass.ACCOUNT_CREATE : EventClass.ACCOUNT_CHANGE;
        changes.add(change(what, timeNanos, name, entry, different));
      }
    });
    return changes;
  }

  private AccountChange change(
      EventClass what, long timeNanos, String name, Entry entry, List<String> changed) {
    return new AccountChange(
        what, timeNanos, group, WireText.cut(name, WireLimits.NAME_CHARS), entry.id(), changed);
  }
}
