/// Releases of the platform itself: agent, engines and command.
///
/// *What this room is:* has a release made ready in one of two slots beside the installation, hands
/// over to it, watches it on probation, and finds out at each start what became of it. *Owns:* the
/// slots and the small files by which agent and supervisor know which release runs. *Never:* starts
/// another agent, which is the supervisor's; changes what runs; reads what is in a release. *Hands
/// off to:* the supervisor, by ending the agent in order. *Threads:* one for the release that is
/// made ready; any may ask. *Limits:* one release on its way, two slots. *Start reading at:*
/// [PlatformDesk].
package redoubt.agent.platform;
