/// What is remembered only so far.
///
/// *What this room is:* containers and counts with a bound. *Owns:* which entry is forgotten for a
/// new one. *Never:* grows beyond its bound, or knows what it holds. *Hands off to:* nobody.
/// *Threads:* no type is thread-safe. *Limits:* those that whoever makes one gives. *Start reading
/// at:* [BoundedMap].
package redoubt.agent.bounded;
