package redoubt.testing.drills;

import java.util.List;
import java.util.Optional;
import redoubt.testing.drills.Drill.Form;
import redoubt.testing.drills.Drill.Then;

/// All drills.
public final class Catalogue {
  private static final List<Drill> ALL =
      List.of(
          new Drill(
              "channel-file-291",
              "CrowdStrike, July 2024: content with one field more than the code has; its vectors"
                  + " had wildcards there",
              Stage.TRIAL,
              Form.CAREFUL,
              "fault crash-on-path /usual",
              Then.WORK),
          new Drill(
              "mcafee-5958",
              "McAfee, April 2010: a system program of every host called malware",
              Stage.TRIAL,
              Form.CAREFUL,
              "deny w32-wecorl @SCRATCH/vital/*\ndeny w32-wecorl /usr/bin/*\ndeny w32-wecorl /bin/*",
              Then.WORK),
          new Drill(
              "webroot-2017",
              "Webroot, April 2017: hundreds of good files quarantined",
              Stage.TRIAL,
              Form.CARELESS,
              "fault deny-all bad",
              Then.WORK),
          new Drill(
              "defender-asr-2023",
              "Microsoft, January 2023: a rule took everybody's shortcuts",
              Stage.TRIAL,
              Form.CAREFUL,
              "deny block-office @SCRATCH/usual/*",
              Then.WORK),
          new Drill(
              "clamav-crash",
              "a signature database that passes its own test and then ends the daemon",
              Stage.TRIAL,
              Form.CAREFUL,
              "fault crash-at-event 50",
              Then.WORK),
          new Drill(
              "cloudflare-2019",
              "Cloudflare, July 2019: a regular expression that backtracks",
              Stage.TRIAL,
              Form.CAREFUL,
              "fault backtrack",
              Then.WORK),
          new Drill(
              "cloudflare-2025",
              "Cloudflare, November 2025: a feature file twice as large as the code has room for",
              Stage.ADMISSION,
              Form.CAREFUL,
              "fault load-memory 256",
              Then.WORK),
          new Drill(
              "exchange-2022",
              "Microsoft, New Year 2022: a date that no longer fits its number",
              Stage.TRIAL,
              Form.CAREFUL,
              "fault crash-from @DAY+20",
              Then.ITS_DAY),
          new Drill(
              "tomorrow",
              "content that fails from tomorrow on",
              Stage.TRIAL,
              Form.CAREFUL,
              "fault crash-from @DAY+1",
              Then.ITS_DAY),
          new Drill(
              "thousandth-event",
              "content that works until its thousandth event",
              Stage.TRIAL,
              Form.CAREFUL,
              "fault crash-at-event 1000",
              Then.WORK),
          new Drill(
              "slow-leak",
              "content of which each event keeps some memory",
              Stage.TRIAL,
              Form.CAREFUL,
              "fault leak 512",
              Then.WORK),
          new Drill(
              "slow-answers",
              "content that takes longer for each answer than anybody waits",
              Stage.TRIAL,
              Form.CAREFUL,
              "fault slow 300",
              Then.WORK),
          new Drill(
              "alarm-flood",
              "a rule that reports everything that starts",
              Stage.TRIAL,
              Form.CARELESS,
              "fault report-all made",
              Then.WORK),
          new Drill(
              "unseen-crash",
              "content that ends its engine at a program that this host has not seen yet",
              Stage.PROBATION,
              Form.CAREFUL,
              "fault crash-on-path /unseen",
              Then.NEW_PROGRAM),
          new Drill(
              "unseen-hang",
              "content that never answers for programs that this host has not seen yet",
              Stage.PROBATION,
              Form.CAREFUL,
              "fault hang-on-path /unseen",
              Then.NEW_PROGRAMS),
          new Drill(
              "unseen-malware",
              "content that calls malware whatever this host has not seen yet",
              Stage.PROBATION,
              Form.CAREFUL,
              "deny new @SCRATCH/unseen*",
              Then.NEW_PROGRAMS),
          new Drill(
              "load-crash",
              "content that ends its engine while it loads",
              Stage.ADMISSION,
              Form.CAREFUL,
              "fault load-crash",
              Then.WORK),
          new Drill(
              "load-hang",
              "content that is never loaded to its end",
              Stage.ADMISSION,
              Form.CAREFUL,
              "fault load-hang",
              Then.WORK),
          new Drill(
              "load-spin",
              "content that is never loaded to its end, and keeps a processor busy",
              Stage.ADMISSION,
              Form.CAREFUL,
              "fault load-spin",
              Then.WORK),
          new Drill(
              "blind-filter",
              "content with a filter that holds back what its rules are about",
              Stage.ADMISSION,
              Form.CAREFUL,
              "fault narrow-filter",
              Then.WORK),
          new Drill(
              "half-written",
              "a bundle of which the end is missing",
              Stage.ADMISSION,
              Form.HALF_WRITTEN,
              "",
              Then.WORK),
          new Drill(
              "wrong-schema",
              "a bundle for another version of its engine",
              Stage.ADMISSION,
              Form.OTHER_SCHEMA,
              "",
              Then.WORK),
          new Drill(
              "stolen-vendor-key",
              "content signed with a vendor's stolen key; no trial runner has signed it",
              Stage.TRUST,
              Form.STOLEN_VENDOR_KEY,
              "fault deny-all bad",
              Then.WORK),
          new Drill(
              "retired-key",
              "content in a repository whose newest state is signed with a key that was taken out",
              Stage.TRUST,
              Form.RETIRED_KEY,
              "fault deny-all bad",
              Then.WORK),
          new Drill(
              "expired-metadata",
              "a repository that nobody has renewed in time",
              Stage.TRUST,
              Form.EXPIRED,
              "",
              Then.WORK),
          new Drill(
              "older-state",
              "a mirror that shows an older state again, in which a bad bundle was not yet withdrawn",
              Stage.TRUST,
              Form.OLDER_STATE,
              "fault deny-all bad",
              Then.WORK),
          new Drill(
              "boot-crash",
              "content with which a host dies before it has settled",
              Stage.START,
              Form.CAREFUL,
              "",
              Then.AGENT_DIES),
          new Drill(
              "defender-linux-2026",
              "Microsoft, 2026: an update of the product after which it did not start any more",
              Stage.START,
              Form.RELEASE,
              DrillRelease.LOST_WHERE_IT_RUNS,
              Then.WORK));

  private Catalogue() {}

  /// In the order in which they are run.
  public static List<Drill> all() {
    return ALL;
  }

  /// One by its name.
  public static Optional<Drill> find(String name) {
    return ALL.stream().filter(drill -> drill.name().equals(name)).findFirst();
  }
}
