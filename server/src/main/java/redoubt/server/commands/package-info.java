/// What operators want to be done on hosts.
///
/// *What this room is:* brings commands to hosts, keeps what became of them, and the files that
/// hosts bring. *Owns:* when a host is told; what was collected. *Never:* does anything itself,
/// tells a host what has expired, looks into what was collected. *Hands off to:* the store, the
/// plane. *Threads:* those of hosts and requests. *Limits:* 32 commands wait for a host, for a day;
/// 18 MiB are taken for one, and 4 GiB kept for thirty days. *Start reading at:* [CommandDesk].
package redoubt.server.commands;
