package redoubt.agent.health;

/// Everything that the agent counts. The metric's name is part of the interface: `status --json`
/// shows it, and `spec/failure-contract.md` names the counter of each fault.
public enum Counter {
  /// Operations that waited and were read.
  EVENTS_READ("events_read_total"),
  /// Operations of the agent, its spawner or its engines, answered first.
  SELF_ALLOWED("self_allowed_total"),
  /// Opens by programs that engines ask, answered first.
  HELPERS_ALLOWED("helpers_allowed_total"),
  /// Operations answered ALLOW.
  ALLOWED("allowed_total"),
  /// Operations answered DENY.
  DENIED("denied_total"),
  /// Operations answered from the verdict cache.
  CACHE_HITS("cache_hits_total"),
  /// Operations whose content had to be examined.
  CACHE_MISSES("cache_misses_total"),
  /// Operations answered by the miss policy because an engine was silent.
  MISS_POLICY("miss_policy_total"),
  /// Operations answered unscanned because too many were waiting.
  OVERLOAD("overload_total"),
  /// DENY verdicts on protected files that were refused.
  PROTECTED_REFUSALS("protected_refusals_total"),
  /// DENY verdicts outweighed by the owner's exceptions.
  EXCEPTIONS_USED("exceptions_used_total"),
  /// Verdicts that came after the kernel had been answered.
  LATE_VERDICTS("late_verdicts_total"),
  /// Processes ended because a late DENY was granted the right.
  KILLED_LATE("killed_late_total"),
  /// Wishes of engines for which processes were ended.
  RESPONSES_KILLED("responses_killed_total"),
  /// Wishes of engines for which processes were stopped.
  RESPONSES_FROZEN("responses_frozen_total"),
  /// Wishes of engines for which processes were collected.
  RESPONSES_COLLECTED("responses_collected_total"),
  /// Files that were put away, on an engine's or their owner's wish.
  QUARANTINED("quarantined_total"),
  /// Files that engines wished to be put away and that were not.
  QUARANTINE_REFUSED("quarantine_refused_total"),
  /// Wishes of engines that were not granted, or could not be carried out.
  RESPONSES_REFUSED("responses_refused_total"),
  /// Answers that the kernel refused and that were retried.
  RESPONSE_WRITE_RETRIES("response_write_retries_total"),
  /// Answers that the kernel refused twice; the waiter had gone or the hook was closed.
  RESPONSE_WRITE_FAILURES("response_write_failures_total"),
  /// Queue overflow records from the kernel.
  QUEUE_OVERFLOWS("queue_overflows_total"),
  /// Operations that the kernel denied by itself because it had no descriptor to give.
  KERNEL_DENIALS("kernel_denials_total"),
  /// Reads put off because no descriptors were to spare.
  READS_DEFERRED("reads_deferred_total"),
  /// Times that a deadman was not re-armed because an operation was overdue.
  DEADMAN_WITHHELD("deadman_withheld_total"),
  /// Files hashed.
  FILES_HASHED("files_hashed_total"),
  /// Bytes hashed.
  BYTES_HASHED("bytes_hashed_total"),
  /// Files whose content could not be held still while it was judged; never cached.
  UNSTABLE_FILES("unstable_files_total"),
  /// Files too large or too slow to hash at all; recorded as unscanned.
  UNSCANNED_FILES("unscanned_files_total"),
  /// Files that engines were asked about because somebody wants them scanned.
  FILES_SCANNED("files_scanned_total"),
  /// Files to be scanned in whose content nothing had been found, by the same engines.
  SCANS_KNOWN("scans_known_total"),
  /// Files in which a scan found something.
  SCANS_FOUND("scans_found_total"),
  /// Files to be scanned that an engine did not look at.
  SCANS_MISSED("scans_missed_total"),
  /// Files that were written where others than root may write, and scanned for that.
  WRITTEN_SCANNED("written_scanned_total"),
  /// Files that were written and that the kernel could not tell of: its queue was full.
  WRITTEN_MISSED("written_missed_total"),
  /// NOTIFY events that an engine did not get for want of credit.
  NOTIFY_LOST("notify_lost_total"),
  /// Opens of modules of the kernel that were denied because the owner wants that nobody opens any.
  MODULES_REFUSED("modules_refused_total"),
  /// Events of the host that an engine did not get because it had said that it does not need them.
  NOTIFY_FILTERED("notify_filtered_total"),
  /// Events of the host that sensors saw.
  HOST_EVENTS("host_events_total"),
  /// Events of processes that the kernel could not pass on.
  PROCESS_EVENTS_LOST("process_events_lost_total"),
  /// Starts of programs whose arguments could not be read any more.
  PROCESS_DETAILS_MISSED("process_details_missed_total"),
  /// Events of files that the kernel could not pass on, each time that its queue was full.
  FILE_EVENTS_LOST("file_events_lost_total"),
  /// Events of files whose directory was gone before its name was asked for.
  FILE_PATHS_MISSED("file_paths_missed_total"),
  /// Changes of sockets that were overwritten in the kernel's buffer before they were read.
  NETWORK_EVENTS_LOST("network_events_lost_total"),
  /// Times that the kernel could not pass on what it says of devices and modules.
  DEVICE_EVENTS_LOST("device_events_lost_total"),
  /// Times that the kernel could not pass on records of its audit system.
  AUDIT_RECORDS_LOST("audit_records_lost_total"),
  /// Messages of engines that broke the protocol.
  ENGINE_VIOLATIONS("engine_violations_total"),
  /// Reports of engines that were dropped because there were too many of them.
  REPORTS_DROPPED("reports_dropped_total"),
  /// Engines that ended unasked.
  ENGINE_EXITS("engine_exits_total"),
  /// Engines left alone for a while because their budget of faults was used up.
  ENGINE_SUSPENSIONS("engine_suspensions_total"),
  /// Engines whose DENY stopped counting because they suddenly denied many known files.
  ENGINE_TRIPS("engine_trips_total"),
  /// Demotions of engines.
  ENGINE_DEMOTIONS("engine_demotions_total"),
  /// Waits charged to an actor whose load kept an engine busy.
  ACTOR_THROTTLES("actor_throttles_total"),
  /// Decision records dropped because the journal could not take them.
  RECORDS_LOST("records_lost_total"),
  /// File systems marked.
  FILESYSTEMS_MARKED("filesystems_marked_total"),
  /// File systems that could not be marked.
  FILESYSTEMS_FAILED("filesystems_failed_total");

  private final String metric;

  Counter(String metric) {
    this.metric = metric;
  }

  /// The metric's name, without the product's prefix.
  public String metric() {
    return metric;
  }
}
