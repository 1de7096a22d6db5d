/// Where hosts come in.
///
/// *What this room is:* gRPC over TLS with certificates on both sides, one connection and one
/// stream for each host. *Owns:* who may come in, the connections, what is said on them. *Never:*
/// parses anything before the host's certificate is known to be one of ours, but for the one
/// request to enrol; keeps anything itself; decides about rollouts. *Hands off to:* the stores, and
/// to [HostEvents] what hosts say. *Threads:* a virtual one for each call; a session may be told to
/// send by any thread. *Limits:* messages of 128 KiB, one at a time from each host; a host that
/// does not read is cut off. *Start reading at:* [HostPlane].
package redoubt.server.plane;
