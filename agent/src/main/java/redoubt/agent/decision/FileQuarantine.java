package redoubt.agent.decision;

import redoubt.core.model.EngineOpinion;

/// Where files that engines deny are put away. Called by any thread.
public interface FileQuarantine {
  /// An engine wishes that the file of an inquiry be put away: its owner granted that, its DENY
  /// counts, and no exception outweighs it. Never blocks.
  ///
  /// @param inquiry its operation is open during the call; whoever needs it longer retains it
  /// @param opinion the DENY
  void wished(Inquiry inquiry, EngineOpinion.Answered opinion);

  /// Puts the file of an inquiry away now, since its owner wants that; blocks on the disk.
  ///
  /// @param opinion what an engine found in it
  /// @param uid who wants it
  /// @return what became of it, for people
  String putAway(Inquiry inquiry, EngineOpinion.Answered opinion, int uid);

  /// Nothing is put away: for warming up and measuring.
  static FileQuarantine none() {
    return new FileQuarantine() {
      @Override
      public void wished(Inquiry inquiry, EngineOpinion.Answered opinion) {}

      @Override
      public String putAway(Inquiry inquiry, EngineOpinion.Answered opinion, int uid) {
        return "not put away";
      }
    };
  }
}
