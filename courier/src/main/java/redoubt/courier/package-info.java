/// The way of a host to the server of its fleet.
///
/// *What this room is:* the host's end of the fleet's connection: TLS with certificates on both
/// sides, gRPC, the host's own key. *Owns:* that key, and whom the host takes for its server.
/// *Never:* reads what is in a message: it carries bytes, which the agent checks; holds a right on
/// the host. *Hands off to:* the agent, over a socket. *Threads:* everything is safe for use by any
/// thread. *Limits:* messages of 128 KiB; one connection. *Start reading at:* [FleetClient].
package redoubt.courier;
