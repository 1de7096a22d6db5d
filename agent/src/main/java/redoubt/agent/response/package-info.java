/// Response: what engines wish to be done about processes, and their owner granted, is done.
///
/// *What this room is:* the desk at which wishes arrive, one after the other. *Owns:* ending and
/// stopping processes with all that they started, the list of those that are stopped, what was
/// collected. *Never:* decides what is bad or who may wish what, touches init, the kernel's
/// threads, the host's own services or Redoubt, reads what it collects. *Hands off to:* the
/// journal, through notices. *Threads:* one carries out; engines' threads hand in and never wait.
/// *Limits:* see [ResponseDesk]. *Start reading at:* [ResponseDesk].
package redoubt.agent.response;
