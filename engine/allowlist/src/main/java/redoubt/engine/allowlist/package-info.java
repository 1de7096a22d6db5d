/// Application control: what neither a package brought nor the owner trusts does not run.
///
/// *What this room is:* an engine in a process of its own, written with the kit like any vendor's,
/// and its rule, which the command line shares to explain it. *Owns:* what counts as an interpreter
/// and as code for it. *Never:* finds out where a file comes from, which the platform tells it;
/// keeps a list of its own. *Hands off to:* `redoubt.engine.kit`, which speaks to the agent.
/// *Threads:* [Allowlist] may be called by several. *Limits:* the first four bytes of a file are
/// read, and only of one that an interpreter opens. *Start reading at:* [Standing].
package redoubt.engine.allowlist;
