package redoubt.cli.inventory;

import java.util.List;

/// The accounts in the host's own files. Those of a directory service are not among them.
final class AccountTables {
  private static final int PASSWD_FIELDS = 7;
  private static final int GROUP_FIELDS = 4;

  private AccountTables() {}

  static List<InventoryTable> of(HostFiles files) {
    return List.of(
        new InventoryTable(
            "users",
            "the accounts of /etc/passwd",
            "uid gid username description directory shell",
            rows -> {
              for (String line : files.text("/etc/passwd").split("\n")) {
                String[] fields = line.split(":", -1);
                if (fields.length == PASSWD_FIELDS && isNumber(fields[2])) {
                  rows.add(fields[2], fields[3], fields[0], fields[4], fields[5], fields[6]);
                }
              }
            }),
        new InventoryTable(
            "groups",
            "the groups of /etc/group",
            "gid groupname",
            rows -> {
              for (String line : files.text("/etc/group").split("\n")) {
                String[] fields = line.split(":", -1);
                if (fields.length == GROUP_FIELDS && isNumber(fields[2])) {
                  rows.add(fields[2], fields[0]);
                }
              }
            }));
  }

  /// What has none refers to a directory service.
  private static boolean isNumber(String text) {
    return text.matches("[0-9]+");
  }
}
