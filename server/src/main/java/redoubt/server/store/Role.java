package redoubt.server.store;

/// What somebody may do. Each role may what those before it may, but [#VENDOR], which stands apart.
public enum Role {
  /// Looks.
  VIEWER(1),
  /// Acts on hosts: takes them in, casts them out, has things done on them.
  OPERATOR(2),
  /// Says who may do what, and decides about updates.
  OWNER(3),
  /// A vendor: offers updates and sees how they do, and nothing of the hosts.
  VENDOR(0);

  private final int rank;

  Role(int rank) {
    this.rank = rank;
  }

  /// Whether whoever has this role may do what needs the other one.
  public boolean covers(Role needed) {
    return this == needed || (needed != VENDOR && rank >= needed.rank);
  }
}
