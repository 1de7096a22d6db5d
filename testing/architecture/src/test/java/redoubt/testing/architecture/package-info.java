/// The rules that keep the house in the shape that `ARCHITECTURE.md` describes, as ordinary tests.
///
/// *What this room is:* rules on compiled classes (which room may use which, who calls native code,
/// who starts processes) and on files (charters, length, addresses). *Owns:* the table of rooms in
/// [House]. *Never:* tests behaviour; needs a kernel, root or a clock. *Hands off to:* nobody.
/// *Threads:* the test runner's. *Limits:* the rules see the modules on this room's class path, and
/// [HouseTest] fails if a shipped module is missing there. *Start reading at:* [House].
///
/// A rule that cannot fail proves nothing, so each is also held against something built to break
/// it: the miniature house below `redoubt.testing.architecture.sample`, or a file made for the
/// test.
@NullMarked
package redoubt.testing.architecture;

import org.jspecify.annotations.NullMarked;
