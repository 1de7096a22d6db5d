package redoubt.cli.inventory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What there is on a host. Any thread may call.
public final class Inventory {
  private final List<InventoryTable> tables;

  /// The inventory of a host.
  ///
  /// @param root below which its files lie, `/` for the host of this process
  public Inventory(Path root) {
    HostFiles files = new HostFiles(root);
    List<InventoryTable> all = new ArrayList<>(SystemTables.of(files));
    all.addAll(AccountTables.of(files));
    all.addAll(DeviceTables.of(files));
    all.addAll(ProcessTables.of(files));
    all.addAll(PackageTables.of(files));
    tables = List.copyOf(all);
  }

  /// Every table.
  public List<InventoryTable> tables() {
    return tables;
  }

  /// The table of a name.
  public Optional<InventoryTable> table(String name) {
    return tables.stream().filter(table -> table.name().equals(name)).findFirst();
  }
}
