package redoubt.fleet.rollout;

import static redoubt.fleet.rollout.HostTable.COUNTED;
import static redoubt.fleet.rollout.HostTable.LEASED;
import static redoubt.fleet.rollout.HostTable.ONLINE;
import static redoubt.fleet.rollout.HostTable.WATCHED;

import redoubt.fleet.evidence.Age;

/// Hosts with the update against hosts without it: who is at risk in either arm, and what befell
/// them. A host's first symptom counts, and takes it out for good.
final class Comparison {
  private final HostTable hosts;
  private final RiskSets risk = new RiskSets();
  private final HealthGate gate;

  Comparison(HostTable hosts, double alpha) {
    this.hosts = hosts;
    this.gate = new HealthGate(alpha);
  }

  HealthGate gate() {
    return gate;
  }

  void advance(int now) {
    risk.advance(now);
  }

  /// Puts a host at risk, if it is there and has not been counted.
  void watch(int host) {
    if (hosts.is(host, ONLINE) && !hosts.is(host, COUNTED) && !hosts.is(host, WATCHED)) {
      hosts.set(host, WATCHED, true);
      addToRisk(host, 1);
    }
  }

  /// Takes it out; to be done before what it is counted by changes.
  void stopWatching(int host) {
    if (hosts.is(host, WATCHED)) {
      hosts.set(host, WATCHED, false);
      addToRisk(host, -1);
    }
  }

  private void addToRisk(int host, int number) {
    if (hosts.status[host] < LEASED) {
      risk.addControl(hosts.deviceClass[host], number);
    } else if (hosts.isTreated(host)) {
      risk.addTreated(hosts.deviceClass[host], hosts.grantedAt[host], number);
    }
  }

  /// Takes in the first symptom of a host.
  void count(int host, Symptom symptom) {
    if (!hosts.is(host, WATCHED)) {
      return;
    }
    int deviceClass = hosts.deviceClass[host];
    long control = risk.control(deviceClass);
    if (hosts.isTreated(host)) {
      Age age = risk.age(hosts.grantedAt[host]);
      gate.treatedEvent(symptom, age, risk.treated(deviceClass, age), control);
    } else if (hosts.status[host] < LEASED) {
      gate.controlEvents(symptom, age -> risk.treated(deviceClass, age), control, 1);
    }
    stopWatching(host);
    hosts.set(host, COUNTED, true);
  }
}
