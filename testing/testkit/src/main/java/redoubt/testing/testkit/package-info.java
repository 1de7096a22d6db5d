/// A host made of plain objects, behind the same seams as the real one.
///
/// *What this room is:* stand-ins for the kernel, the clocks and the engines, exact enough that the
/// agent's own code runs on them unchanged, and strict: the kernel fails the test at the very call
/// that breaks its rules. *Owns:* [SimulatedKernel], [SimulatedTime], [ScriptedEngine], the way
/// seeds are chosen and printed. *Never:* reads the host's clock, starts a thread, decides what is
/// right for an engine or an owner. *Hands off to:* tests in `testing/simulation`. *Threads:* a
/// simulation is one thread, and nothing here is safe for more. *Limits:* descriptors and queue are
/// as large as the test says. *Start reading at:* [SimulatedHost], which puts everything together.
package redoubt.testing.testkit;
