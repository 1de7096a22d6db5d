/// Several matches within a time.
///
/// *What this room is:* correlation rules: counts, orders and statistics of what other rules match.
/// *Owns:* windows of time for each combination of values; which matches are reported by
/// themselves. *Never:* reads the clock: time is what events say. *Hands off to:* whoever asked.
/// *Threads:* [Correlations] is immutable; a [Correlator] belongs to one thread. *Limits:* 100,000
/// combinations a rule, 4,000,000 remembered matches, thresholds up to 1,000,000, 20,000 values of
/// a statistic. *Start reading at:* [Correlator], then [Window].
package redoubt.engine.sigma.correlation;
