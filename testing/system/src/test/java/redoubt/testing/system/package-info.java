/// The product on a real kernel: `./redoubt run` as its users start it, real programs, real
/// engines.
///
/// *What this room is:* tests of the host as a whole, and the small harness that they share.
/// *Owns:* scratch file systems, agents in folders of their own, the C programs in `src/test/c`.
/// *Never:* marks a file system that it did not make, signals a process that it did not start,
/// replaces a part of the product by a stand-in. *Needs:* root, gcc, loop devices. *Limits:* every
/// agent runs under `timeout -s KILL`, every command has a time limit; file systems are unmounted
/// whatever happens short of the death of the virtual machine. *Threads:* one per agent, which
/// collects what it prints. *Start reading at:* [RunningAgent], then [RoutesTest].
@NullMarked
package redoubt.testing.system;

import org.jspecify.annotations.NullMarked;
