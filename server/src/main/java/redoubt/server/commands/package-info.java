/// What operators want to be done on hosts.
///
/// *What this room is:* brings commands to hosts and keeps what became of them. *Owns:* when a host
/// is told. *Never:* does anything itself, tells a host what has expired. *Hands off to:* the
/// store, the plane. *Threads:* those of hosts and requests. *Limits:* 32 commands wait for a host,
/// for a day. *Start reading at:* [CommandDesk].
package redoubt.server.commands;
