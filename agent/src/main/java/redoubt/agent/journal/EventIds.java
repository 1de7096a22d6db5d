package redoubt.agent.journal;

/// The ids (`metadata.uid`) of one run's events.
///
/// A decision's id follows from its own sequence number, so that a finding can name the decision it
/// belongs to; the others' follow from the journal's.
///
/// @param run what tells this run of the agent from all others on this host
record EventIds(String run) {
  String decision(long eventSequence) {
    return run + "-d" + eventSequence;
  }

  String finding(long journalSequence) {
    return run + "-f" + journalSequence;
  }

  String notice(long journalSequence) {
    return run + "-n" + journalSequence;
  }
}
