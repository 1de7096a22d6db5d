package redoubt.core.tuf.client;

import redoubt.core.tuf.TufException;

/// What came of a look at a repository.
public sealed interface Refresh {
  /// The top-level metadata is verified and in time.
  ///
  /// @param root the version of the root
  /// @param timestamp of the timestamp
  /// @param snapshot of the snapshot
  /// @param targets of the top-level targets
  record Current(long root, long timestamp, long snapshot, long targets) implements Refresh {}

  /// Everything was signed as it should be, and the time of one role is over: nothing new may be
  /// activated, what is active stays so. A repository that sleeps and a mirror that hides news look
  /// like this.
  ///
  /// @param why the role and the step
  record Expired(TufException why) implements Refresh {}

  /// Something is not to be trusted. What was trusted before stays so; nothing new may be
  /// activated.
  ///
  /// @param why the problem and the step
  record Refused(TufException why) implements Refresh {}

  /// The outcome for a problem.
  static Refresh of(TufException why) {
    return why.reason() == TufException.Reason.EXPIRED ? new Expired(why) : new Refused(why);
  }
}
