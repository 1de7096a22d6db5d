package redoubt.testing.architecture.sample.core.model;

import java.lang.foreign.Linker;

/// A word of the vocabulary that calls native code.
public final class Word {
  public Linker linker() {
    return Linker.nativeLinker();
  }
}
