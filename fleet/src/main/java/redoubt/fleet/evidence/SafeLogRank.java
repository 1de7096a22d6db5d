package redoubt.fleet.evidence;

/// An anytime-valid (safe) log-rank test of one kind of event: do treated hosts meet with it more
/// often than controls, by more than a ratio that is tolerated?
///
/// Each event multiplies the evidence by how much likelier it was to hit the arm that it hit. With
/// `nT` treated and `nC` control hosts at risk, and `y` = 1 if a treated one was hit:
///
/// ```
/// factor(r) = (r / r0)^y * (r0 * nT + nC) / (r * nT + nC)
/// E         = mean over ages, mean over r in r0 * {2, 5, 20, 100, 1000}, of the product of factors
/// ```
///
/// Every `r` is above `r0`: one below it would take the absence of harm for evidence.
///
/// `E` is a nonnegative supermartingale while the hazard ratio is at most `r0`, so by Ville's
/// inequality the chance that it *ever* reaches `1/alpha` is at most `alpha`, however often one
/// looks. The base rate cancels, and hosts may leave at any time (censoring). Source: ter Schure,
/// Pérez-Ortiz, Ly, Grünwald, "The safe log-rank test" (NEJSDS 2024, doi 10.51387/24-NEJSDS65); the
/// mean over several `r` and ages is valid because a mean of such processes is one.
///
/// A treated event counts at its age alone; an event of a control is evidence at every age. Events
/// of several strata of hosts are multiplied by giving each with the numbers at risk in its own
/// stratum.
///
/// Not thread-safe. Each event costs a few dozen floating-point operations.
public final class SafeLogRank {
  private static final double[] RATIOS = {2, 5, 20, 100, 1_000};

  private final double[] tolerated;
  private final double[][] logEvidence;

  /// Begins without evidence.
  ///
  /// @param tolerated for each [Age] the hazard ratio up to which nothing is wrong, at least 1
  /// @throws IllegalArgumentException if there is not one of at least 1 for each age
  public SafeLogRank(double... tolerated) {
    if (tolerated.length != Age.count()) {
      throw new IllegalArgumentException("not one ratio for each age: number=" + tolerated.length);
    }
    for (double ratio : tolerated) {
      if (!(ratio >= 1)) {
        throw new IllegalArgumentException("tolerated ratio below 1: ratio=" + ratio);
      }
    }
    this.tolerated = tolerated.clone();
    this.logEvidence = new double[Age.count()][RATIOS.length];
  }

  /// Takes in an event of a treated host.
  ///
  /// @param age of the host
  /// @param treated hosts of that age at risk, this one included; at least 1
  /// @param control hosts without the update at risk; with none there is nothing to compare with
  public void treatedEvent(Age age, long treated, long control) {
    if (treated < 1) {
      throw new IllegalArgumentException("an event of nobody: treated=" + treated);
    }
    multiply(age.number(), treated, control, 1, 1);
  }

  /// Takes in events of control hosts, at one age of the treated.
  ///
  /// @param age of the treated hosts that they are held against; give each event for every age
  /// @param treated hosts of that age at risk
  /// @param control hosts at risk, these included
  /// @param events how many
  public void controlEvents(Age age, long treated, long control, long events) {
    multiply(age.number(), treated, control, 0, events);
  }

  private void multiply(int age, long treated, long control, int hit, long events) {
    // Where one arm is empty every factor is 1, or one (r/r0) that nothing is compared with.
    if (treated == 0 || control == 0) {
      return;
    }
    double r0 = tolerated[age];
    for (int i = 0; i < RATIOS.length; i++) {
      double r = r0 * RATIOS[i];
      logEvidence[age][i] +=
          hit * Math.log(r / r0)
              + events * Math.log((r0 * treated + control) / (r * treated + control));
    }
  }

  /// The natural logarithm of `E`.
  public double logEvidence() {
    double most = Double.NEGATIVE_INFINITY;
    for (double[] ofAge : logEvidence) {
      for (double one : ofAge) {
        most = Math.max(most, one);
      }
    }
    double sum = 0;
    for (double[] ofAge : logEvidence) {
      for (double one : ofAge) {
        sum += Math.exp(one - most);
      }
    }
    return most + Math.log(sum / (Age.count() * RATIOS.length));
  }

  /// The age at which there is most evidence.
  public Age strongestAge() {
    Age strongest = Age.OLDER;
    double most = Double.NEGATIVE_INFINITY;
    for (Age age : Age.values()) {
      double ofAge = Double.NEGATIVE_INFINITY;
      for (double one : logEvidence[age.number()]) {
        ofAge = Math.max(ofAge, one);
      }
      if (ofAge > most) {
        most = ofAge;
        strongest = age;
      }
    }
    return strongest;
  }
}
