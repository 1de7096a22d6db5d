/// The local socket through which the owner asks and commands.
///
/// *What this room is:* the agent's side of the control protocol (`spec/control.proto`). *Owns:*
/// the control socket, who may ask what. *Never:* decides what an answer is: it asks the
/// [ControlHandler]; runs on an answering thread. *Hands off to:* the agent's assembly, which
/// implements the handler. *Threads:* one accepts; one for each connection, of which there are few.
/// *Limits:* [ControlServer#MOST_CONNECTIONS] at once, one request of bounded size at a time.
/// *Start reading at:* [ControlServer].
package redoubt.agent.control;
