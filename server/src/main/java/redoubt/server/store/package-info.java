/// What a fleet server keeps.
///
/// *What this room is:* tables, and the few questions that are put to them. *Owns:* the database,
/// its migrations, the chain of the audit. *Never:* speaks to a network, issues a certificate,
/// decides. *Hands off to:* whoever asks, as immutable records. *Threads:* everything is safe for
/// use by any thread; each call is one transaction. *Limits:* heartbeats are not kept, but for the
/// last of each host; records go when the owner's time for them is over; of a day 2,000 things that
/// engines said are told apart, the rest is counted by engine; 10,000 marks. *Start reading at:*
/// [Database], [HostStore].
package redoubt.server.store;
