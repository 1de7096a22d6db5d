/// Test vectors, made from rules.
///
/// *What this room is:* solves rules: makes events of this host in which a rule is reported, and
/// others that differ in one test and in which it is not, as `spec/bundle.md` asks. *Owns:* the
/// choice of the values, and a reading of rules of its own to check the matcher against. *Never:*
/// asks the matcher what a rule means; looks at a clock; draws a number that is not the same next
/// time. *Hands off to:* `core.wire`, which has the form of vectors. *Threads:* none; a call works
/// in its caller's. *Limits:* 4,096 tests a rule, 256 events a vector, and vectors up to the year
/// 2262. *Start reading at:* [VectorBuilder], then [RuleSolver].
package redoubt.engine.sigma.vectors;
