/// What an event is, and how it is read.
///
/// *What this room is:* events as values in numbered slots, their readers, and the words that rules
/// use for log sources. *Owns:* [Event], the readers of JSON, XML and audit records, what stands in
/// which log of Windows and in our own journal. *Never:* knows which rules there are, beyond the
/// fields that they ask for; fetches what a text refers to. *Hands off to:* `match`. *Threads:*
/// none; readers and events belong to one thread. *Limits:* 20,000 values an event, JSON nested 64
/// deep, XML 32. *Start reading at:* [Event], then [JsonEvents] and [Classifier].
package redoubt.engine.sigma.event;
