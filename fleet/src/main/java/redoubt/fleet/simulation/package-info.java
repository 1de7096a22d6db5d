/// A world of simulated hosts, on which the real rollout controller is tried.
///
/// *What this room is:* hosts that sleep, fall silent, crash for reasons of their own, sit behind
/// slow links, have wrong clocks and lie; faults in what is rolled out; virtual time. One seed
/// gives the same run again. *Owns:* the scenarios, the host-by-host simulation, that of cohorts
/// for thousands of seeds, and what a run came to. *Never:* decides what the controller decides;
/// reads a clock; claims what it assumes: that a host survives the crash of an engine is shown by
/// the agent's own tests. *Hands off to:* the command line and `picture`. *Threads:* none; a run
/// belongs to its caller's. *Limits:* 50 million hosts, 12 hours; about 50 bytes a host with the
/// controller's. *Start reading at:* [redoubt.fleet.simulation.FleetSimulation].
package redoubt.fleet.simulation;
