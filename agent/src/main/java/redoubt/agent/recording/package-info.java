/// What happened on this host lately, kept so that new content can be held against it.
///
/// *What this room is:* a recording of events of the host, and of which programs run here most.
/// *Owns:* the folder `recording` of the state directory. *Never:* is waited for, keeps more than
/// it may: of a class of events a few in a second. *Hands off to:* the root, which makes a past of
/// it for the trial of a bundle. *Threads:* any may add; housekeeping writes; whoever tries a
/// bundle reads what was there when it asked. *Limits:* [EventRecording#MOST_BYTES] bytes,
/// [ExecutedFiles#MOST] programs. *Start reading at:* [EventRecording].
package redoubt.agent.recording;
