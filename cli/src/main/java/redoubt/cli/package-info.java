/// The `redoubt` command.
///
/// *What this room is:* the owner's hand: one class for each subcommand, each of which asks the
/// agent, the journal, the exceptions file or the kernel, and prints the answer. *Owns:* options,
/// tables, JSON output, exit codes, the words of problems and their fixes. *Never:* decides
/// anything that the agent or its packages do not decide; starts the agent (the launcher does);
/// prints a text that somebody else chose without [Printable]. *Hands off to:* the agent over the
/// control socket, `redoubt.agent.policy` and `redoubt.agent.journal` on disk,
/// `redoubt.agent.kernel`. *Threads:* one, and a timer that ends a conversation with an agent that
/// does not answer. *Limits:* 5 seconds for the agent's answer. *Start reading at:* [Main], then
/// [StatusCommand].
package redoubt.cli;
