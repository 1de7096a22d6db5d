package redoubt.cli.inventory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// One table of a host's inventory: facts of one kind, a row for each thing.
///
/// For one thread.
public final class InventoryTable {
  /// So many rows are read at most; a host with more has the first of them in its inventory.
  public static final int MOST_ROWS = 200_000;

  private static final int MOST_CHARS = 4_096;

  private final String name;
  private final String description;
  private final List<String> columns;
  private final Source source;

  /// Where the rows come from.
  @FunctionalInterface
  interface Source {
    /// Adds every row.
    ///
    /// @throws IOException if the whole table cannot be read; what is gone meanwhile is left out
    void read(Rows rows) throws IOException;
  }

  /// Takes rows, as long as there may be more.
  final class Rows {
    private final List<List<String>> all = new ArrayList<>();

    private Rows() {}

    /// One row, a value for each column; an empty one is not known.
    void add(Object... values) {
      if (values.length != columns.size()) {
        throw new IllegalArgumentException(
            "wrong number of values: table=" + name + " values=" + values.length);
      }
      if (all.size() < MOST_ROWS) {
        List<String> row = new ArrayList<>(values.length);
        for (Object value : values) {
          String text = value.toString();
          row.add(text.substring(0, Math.min(MOST_CHARS, text.length())));
        }
        all.add(List.copyOf(row));
      }
    }
  }

  InventoryTable(String name, String description, String columns, Source source) {
    this.name = name;
    this.description = description;
    this.columns = List.of(columns.split(" "));
    this.source = source;
  }

  /// Its name in osquery's schema.
  public String name() {
    return name;
  }

  /// What a row of it is, in a few words.
  public String description() {
    return description;
  }

  /// The names of its columns, in osquery's schema too.
  public List<String> columns() {
    return columns;
  }

  /// Reads the table now.
  ///
  /// @return each row with a value for each column
  /// @throws IOException if this host does not offer it, or this user may not read it
  public List<List<String>> rows() throws IOException {
    Rows rows = new Rows();
    source.read(rows);
    return List.copyOf(rows.all);
  }
}
