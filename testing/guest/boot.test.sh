# shellcheck shell=sh
# shellcheck disable=SC2154  # set by run
# Real boots: content with which a host dies again and again, each time before it has settled. Sourced by
# `run` at each boot; $step counts them. What is asked of the host afterwards needs no network.

finds() {
  rmmod dummy 2>/dev/null
  modprobe dummy || fail "modprobe dummy"
  await 120 "a finding of version 1" journal_has "A module was loaded"
}

[ "$step" -eq 1 ] || await 300 "protection, started by systemd" redoubt status
case $step in
  1)
    install_redoubt
    install_unit --content-trial-seconds 0 --content-probation-seconds 10
    systemctl enable --now redoubt.service || fail "systemctl enable"
    await 300 "protection" redoubt status
    redoubt content activate --unsigned "$tests/rules-1.bundle" || {
      redoubt content history sigma
      fail "version 1 is not taken"
    }
    await 300 "version 1 to be good" stands 1 good
    tell "boot 1: version 1 is admitted, in force, and good after its probation"
    install_unit --content-trial-seconds 0 --content-probation-seconds 86400
    next_step
    systemctl reboot
    sleep 300
    ;;
  2)
    stands 1 good || fail "version 1 is not good after a reboot"
    finds
    tell "boot 2, in order: systemd has started it, and version 1 finds what it is for"
    redoubt content activate --unsigned "$tests/rules-2.bundle" || fail "version 2 is not taken"
    stands 2 onprobation || fail "version 2 is not on probation"
    tell "version 2 is on probation when the host dies"
    die
    ;;
  3 | 4)
    stands 2 onprobation || fail "version 2 is not on probation any more"
    tell "boot $step: version 2 again; the host dies before it has settled"
    die
    ;;
  5)
    stands 1 good || fail "version 1 is not in force"
    redoubt content why sigma | grep -q "did not settle with it" || fail "no reason is given"
    redoubt content activate --unsigned "$tests/rules-2.bundle" && fail "version 2 is taken again"
    finds
    tell "boot 5: version 1 is back, offline, $(cut -d. -f1 /proc/uptime) s after the boot; version 2 is never taken again"
    die
    ;;
  6)
    tell "boot 6: the host dies with version 1 too"
    die
    ;;
  7 | 8)
    redoubt engines | tee /dev/stderr | grep -q sigma && fail "the engine runs"
    tell "boot $step: the engine stays off"
    die
    ;;
  9)
    redoubt status >/tmp/status 2>&1
    cat /tmp/status
    grep -qi "observ" /tmp/status || fail "something is decided"
    tell "boot 9: nothing is decided: $(head -1 /tmp/status)"
    redoubt stop || fail "redoubt stop"
    redoubt content retry sigma || fail "redoubt content retry"
    systemctl start redoubt.service
    await 300 "protection" redoubt status
    finds
    tell "after redoubt content retry: version 1 judges again"
    ;;
esac
