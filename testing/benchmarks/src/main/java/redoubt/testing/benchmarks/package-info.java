/// Benchmarks of the code itself, without a kernel in between, for JMH: run them with `make jmh`.
///
/// Owns: the paths that every event takes through our own code. [CodecBenchmark] is what an event
/// costs between agent and engine, [DecisionBenchmark] what a decision costs in the agent. Never:
/// system calls, files or clocks inside a measured method; those belong to the host benchmark
/// (`make bench`, `src/main/python`), whose numbers are the ones that users feel. Start reading at
/// [CodecBenchmark].
@org.jspecify.annotations.NullMarked
package redoubt.testing.benchmarks;
