package redoubt.testing.conformance;

/// How an event is put to an engine.
///
/// @param digest whether the platform's digest comes with it
/// @param stable whether a lease is said to hold the file
/// @param descriptor whether a descriptor comes with it
/// @param answerable whether somebody is said to wait
/// @param budgetMicros how long, 0 if nobody waits
record Ask(
    boolean digest, boolean stable, boolean descriptor, boolean answerable, long budgetMicros) {
  /// As most events come: everything known, the whole deadline left.
  static final Ask USUAL = new Ask(true, true, true, true, Settings.DEADLINE_MILLIS * 1_000L);

  Ask withoutDigest() {
    return new Ask(false, stable, descriptor, answerable, budgetMicros);
  }

  Ask withoutDescriptor() {
    return new Ask(digest, stable, false, answerable, budgetMicros);
  }

  Ask unstable() {
    return new Ask(digest, false, descriptor, answerable, budgetMicros);
  }

  Ask withBudgetMicros(long micros) {
    return new Ask(digest, stable, descriptor, true, micros);
  }

  Ask afterwards() {
    return new Ask(digest, stable, descriptor, false, 0);
  }
}
