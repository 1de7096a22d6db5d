/// Updates as the fleet decides them, on this host.
///
/// *What this room is:* between the server's word and what activates bundles: fetches what is
/// offered, lets nothing come into force without a lease where the fleet decides, takes back what
/// is to go, and tells how it went and when something is wrong with the host. *Owns:* which bundles
/// there were leases for, and what was told of them. *Never:* tries or activates anything itself,
/// speaks to the network, decides who gets an update. *Hands off to:* `fleet`, which has the
/// connection and verifies leases; `supply`, which fetches; `activation`. *Threads:* those of
/// whoever asks; one at a time that fetches. *Limits:* 16 bundles that are wanted or that there was
/// a lease for, of which the oldest go. *Start reading at:* [FleetUpdates].
package redoubt.agent.rollout;
