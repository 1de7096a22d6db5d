/// What must hold on every host, whatever its engines, files and users do: one seed, one run.
@org.jspecify.annotations.NullMarked
package redoubt.testing.simulation;
