package redoubt.core.tuf.client;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import redoubt.core.tuf.Delegation;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.mirror.RepositoryPath;

/// What came of the search for a target.
public sealed interface Lookup {
  /// A role vouches for it.
  ///
  /// @param path the target's path
  /// @param file its length and digests
  /// @param location where a mirror has it
  /// @param chain the roles from the top-level targets to the one that lists it
  record Found(String path, TargetFile file, RepositoryPath location, List<SignedRole> chain)
      implements Lookup {
    /// Copies.
    public Found {
      chain = List.copyOf(chain);
    }
  }

  /// It was not found, or nobody may be believed: nothing new is activated.
  sealed interface Failed extends Lookup {
    /// What was wrong, for people; without the name of what was searched.
    String problem();

    /// What would mend it, for people.
    String fix();
  }

  /// No role that was asked lists it.
  ///
  /// @param limitReached whether more roles could have been asked
  record Absent(boolean limitReached) implements Failed {
    @Override
    public String problem() {
      return "it is not published";
    }

    @Override
    public String fix() {
      return "ask its vendor for the name";
    }
  }

  /// Signed as it should be, but the time of a role on the way is over: nothing new may be
  /// activated.
  record Expired(TufException why) implements Failed {
    @Override
    public String problem() {
      return "what vouches for it has expired: " + why.getMessage();
    }

    @Override
    public String fix() {
      return "is this host's clock right? else its repository was not renewed";
    }
  }

  /// Something on the way is not to be trusted.
  record Refused(TufException why) implements Failed {
    @Override
    public String problem() {
      return "not to be trusted: " + why.getMessage();
    }

    @Override
    public String fix() {
      return "ask who keeps the repository, by another way";
    }
  }

  /// A targets role that was verified on the way.
  ///
  /// @param name the role
  /// @param version its version
  /// @param delegation by which it speaks; none for the top-level role
  /// @param signers the key ids whose signatures were right, one for each key
  record SignedRole(
      String name, long version, Optional<Delegation> delegation, Set<String> signers) {
    /// Copies.
    public SignedRole {
      signers = Set.copyOf(signers);
    }
  }

  /// The outcome for a problem.
  static Failed of(TufException why) {
    return why.reason() == TufException.Reason.EXPIRED ? new Expired(why) : new Refused(why);
  }
}
