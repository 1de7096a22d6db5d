package redoubt.core.wire;

/// The sizes that no peer may exceed; `spec/engine-protocol.md` states the same numbers.
public final class WireLimits {
  /// The protocol version that this build speaks at most.
  public static final int PROTOCOL_VERSION = 1;

  /// The oldest protocol version that this build still speaks.
  public static final int OLDEST_PROTOCOL_VERSION = 1;

  /// The longest message in bytes, in either direction.
  public static final int MESSAGE_BYTES = 64 * 1024;

  /// The most events in one message, and so the most descriptors with it (the kernel's own bound
  /// for one message is 253).
  public static final int EVENTS_PER_MESSAGE = 64;

  /// The most events of the host in one message.
  public static final int HOST_EVENTS_PER_MESSAGE = 256;

  /// The most events of the host that an engine may not have handled yet.
  public static final int HOST_EVENTS_UNHANDLED = 4096;

  /// How many bytes the events of the host that an engine has not handled yet may have together.
  public static final int HOST_EVENT_BYTES_UNHANDLED = 4 << 20;

  /// The most alternatives of a filter of events, in all its parts together.
  public static final int FILTER_ALTERNATIVES = 2048;

  /// The most conditions of one alternative.
  public static final int FILTER_CONDITIONS = 16;

  /// The most texts of a filter, in all its parts together, each counted wherever it stands.
  public static final int FILTER_TEXTS = 4096;

  /// How many bytes the texts of a filter have together, in all its parts, in UTF-8.
  public static final int FILTER_BYTES = 64 * 1024;

  /// The longest text of a filter in characters.
  public static final int FILTER_TEXT_CHARS = 256;

  /// The most arguments of one process; more are cut.
  public static final int ARGUMENTS = 1024;

  /// How many bytes the arguments of one process have together at most, in UTF-8; more are cut.
  public static final int ARGUMENT_BYTES = 16 * 1024;

  /// The longest IP address as text, in characters.
  public static final int ADDRESS_CHARS = 45;

  /// The longest name of a format of files.
  public static final int FORMAT_CHARS = 16;

  /// How many generations above the process of an event a wish may reach.
  public static final int GENERATIONS = 8;

  /// The longest message of the domain name system, in bytes.
  public static final int DNS_MESSAGE_BYTES = 4_096;

  /// The longest record of the audit system in characters; the kernel makes none longer.
  public static final int AUDIT_RECORD_CHARS = 8_970;

  /// The most names of what an account differs in.
  public static final int ACCOUNT_CHANGES = 16;

  /// The most techniques that a finding names.
  public static final int TECHNIQUES = 16;

  /// The longest name of a technique, in characters.
  public static final int TECHNIQUE_CHARS = 32;

  /// The most reasons that a finding gives.
  public static final int REASONS = 32;

  /// The most verdicts or findings in one message.
  public static final int ANSWERS_PER_MESSAGE = 256;

  /// The most credits that an engine may have outstanding.
  public static final int CREDITS = 4096;

  /// The longest path in UTF-8 bytes (PATH_MAX); a longer one is cut and marked.
  public static final int PATH_BYTES = 4096;

  /// Whom an isolated host may talk to.
  public static final int PEERS = 64;

  /// The longest reason, for people, in characters.
  public static final int REASON_CHARS = 512;

  /// The longest rule name, title, engine name or vendor name in characters.
  public static final int NAME_CHARS = 256;

  /// The longest version text in characters.
  public static final int VERSION_CHARS = 128;

  /// The longest life of a cached verdict in seconds: 30 days.
  public static final int LIFETIME_SECONDS = 30 * 24 * 3600;

  /// The longest soft deadline, budget or grace in milliseconds.
  public static final int DEADLINE_MILLIS = 60_000;

  /// The longest content payload in bytes.
  public static final long CONTENT_BYTES = 1L << 30;

  /// The most problems in one refusal of content.
  public static final int PROBLEMS = 64;

  /// The most engines in one status.
  public static final int STATUS_ENGINES = 64;

  /// The most file systems in one status; the codec leaves out more and says how many.
  public static final int STATUS_FILE_SYSTEMS = 256;

  /// The most counters in one status.
  public static final int STATUS_COUNTERS = 512;

  /// The most rights that one engine asks for or has.
  public static final int RIGHTS = 64;

  /// The most hot spots of each kind in one reply.
  public static final int HOT_SPOTS = 50;

  /// The longest name of a hot spot, in characters; a longer one is cut and marked.
  public static final int HOT_SPOT_CHARS = 128;

  /// The most files that one request asks about, and so the most descriptors with it.
  public static final int SCAN_FILES = 16;

  /// The most that a reply says was found in one file.
  public static final int SCAN_HITS = 4;

  /// The longest passphrase, in characters.
  public static final int PASSPHRASE_CHARS = 1_024;

  /// The highest number that a protocol version may have.
  public static final int HIGHEST_VERSION = 65_535;

  /// The longest problem in a refusal of content, in characters.
  public static final int PROBLEM_CHARS = 200;

  /// The longest message between a host and the server of its fleet, in bytes: room for the longest
  /// line of a journal.
  public static final int FLEET_MESSAGE_BYTES = 128 * 1024;

  /// The longest message between the agent and its courier, in bytes: room for what it carries.
  public static final int COURIER_MESSAGE_BYTES = FLEET_MESSAGE_BYTES + 1024;

  /// The longest line of a journal, in bytes.
  public static final int RECORD_BYTES = 64 * 1024;

  /// The most lines of a journal in one message.
  public static final int RECORDS_PER_MESSAGE = 256;

  /// The most bundles that one host runs.
  public static final int RUNNING_BUNDLES = 64;

  /// The longest lease, in bytes.
  public static final int LEASE_BYTES = 256;

  /// The longest id of a boot, in characters.
  public static final int BOOT_ID_CHARS = 36;

  /// The most paths that one command has looked at.
  public static final int SCAN_PATHS = 16;

  /// The latest time, in seconds since the epoch: the end of the year 9999.
  public static final long LAST_SECOND = 253_402_300_799L;

  /// The most exemptions in the policy of one host.
  public static final int EXEMPTIONS = 128;

  /// The longest content, path or package that an exemption names, in characters.
  public static final int EXEMPTED_CHARS = 512;

  private WireLimits() {}
}
