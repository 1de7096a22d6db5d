/// What happens on this host, told after the fact.
///
/// *What this room is:* the hooks that can only be listened to, each with its own thread. *Owns:*
/// the events of the catalogue that nobody waits for, from the kernel's record to a [HostEvent];
/// how what was lost is counted and made good. *Never:* runs on an answering thread, holds one up,
/// or interprets what a process wrote. *Hands off to:* a [HostEventSink], which brings events to
/// engines. *Threads:* one for each sensor; one that hangs in the kernel is left behind and another
/// goes on. *Limits:* the kernel's buffer of each hook, which overflows into a count. *Start
/// reading at:* [ProcessSensor].
package redoubt.agent.sensor;
