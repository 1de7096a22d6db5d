package redoubt.core.model;

/// What an engine reports beside its verdicts.
///
/// @param timeMillis wall-clock time, milliseconds since the epoch
/// @param engine who reports
/// @param contentVersion the content it judged with
/// @param rule the rule or list entry that matched, at most 256 characters
/// @param title one line for people, at most 256 characters
/// @param path the file, empty if none is concerned
/// @param sha256 the file's digest, or null
/// @param pid the process concerned, 0 if none
/// @param eventSequence the decision record's sequence number that the finding belongs to, 0 if
///   none
public record Finding(
    long timeMillis,
    EngineId engine,
    String contentVersion,
    String rule,
    String title,
    String path,
    @org.jspecify.annotations.Nullable Sha256 sha256,
    int pid,
    long eventSequence) {}
