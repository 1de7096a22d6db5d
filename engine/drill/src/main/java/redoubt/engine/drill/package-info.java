/// An engine for drills: its content says how it is to fail.
///
/// *What this room is:* an engine in a process of its own, written with the kit like any vendor's,
/// never started on a host but by a drill or by whoever tries a platform. *Owns:* the form of a
/// drill's content. *Never:* has a way to harm a host that another engine has not. *Hands off to:*
/// `redoubt.engine.kit`, which speaks to the agent. *Threads:* [DrillEngine] may be called by
/// several. *Limits:* content of 64 KiB. *Start reading at:* [DrillContent].
package redoubt.engine.drill;
