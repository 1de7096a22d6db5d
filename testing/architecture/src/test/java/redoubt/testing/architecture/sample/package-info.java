/// A house in miniature in which every rule is broken once: what the rules are tried on.
@NullMarked
package redoubt.testing.architecture.sample;

import org.jspecify.annotations.NullMarked;
