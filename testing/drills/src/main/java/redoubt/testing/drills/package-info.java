/// Historical outages, rebuilt as bundles.
///
/// *What this room is:* what is needed to have a host go through what took others down. *Owns:*
/// bundles for the engine `drill`, which fails as its content says. *Never:* decides whether a
/// bundle is good; that is the agent's. *Hands off to:* tests, benchmarks and whoever drills a
/// host. *Threads:* none. *Limits:* those of a bundle. *Start reading at:* [DrillBundles].
package redoubt.testing.drills;
