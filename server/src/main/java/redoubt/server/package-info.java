/// The server of a fleet, put together.
///
/// *What this room is:* the assembly: opens the database and the keys, starts what listens, ends
/// it. *Owns:* the order of start and stop, for how long records are kept. *Never:* holds a rule of
/// its own. *Hands off to:* [the plane][redoubt.server.plane], [the interface][redoubt.server.api],
/// [the stores][redoubt.server.store]. *Threads:* as its parts. *Limits:* those of its parts.
/// *Start reading at:* [FleetServer].
package redoubt.server;
