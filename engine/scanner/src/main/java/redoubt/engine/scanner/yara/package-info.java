/// YARA rules, by the library of their makers (`libyara`, 4.0 to 4.2, `libyara.so.9`).
///
/// *What this room is:* the binding to a native library, and the only one of this engine. *Owns:*
/// every pointer into the library: none leaves. *Never:* reads a file, lets rules include files,
/// loads rules that somebody else compiled. *Hands off to:* whoever asks, as plain values.
/// *Threads:* rules are compiled by one thread and then shared by all. *Limits:* see [YaraRules]. A
/// fault in the library costs this process, which is confined and is started again. *Start reading
/// at:* [YaraRules].
@org.jspecify.annotations.NullMarked
package redoubt.engine.scanner.yara;
