# shellcheck shell=sh
# shellcheck disable=SC2154  # set by run
# Releases of the platform over real boots: one that takes over and stays, and one that is lost with the
# next boot, as an update of a well-known product was in 2026. Sourced by `run` at each boot.
#
# Without start-up caches and without a trial: in a machine that is computed both take too long.

home_is() { redoubt status | grep -q "^home  *.*$1\$"; }
protects_from() { await 900 "protection from $1" home_is "$1"; }

[ "$step" -eq 1 ] || await 900 "protection, started by systemd" redoubt status
case $step in
  1)
    install_redoubt
    install_unit --content-skip trial --content-probation-seconds 10
    echo 'Environment=REDOUBT_READY_SECONDS=900' >>/etc/systemd/system/redoubt.service.d/guest.conf
    systemctl daemon-reload
    systemctl enable --now redoubt.service || fail "systemctl enable"
    await 300 "protection" redoubt status
    redoubt content activate --unsigned "$tests/release-1.bundle" || {
      redoubt content history platform
      fail "release 1 is not taken"
    }
    protects_from slot-a
    await 300 "release 1 to be good" stands 1 good
    tell "boot 1: release 1 has taken over, and is good after its probation"
    next_step
    systemctl reboot
    sleep 300
    ;;
  2)
    protects_from slot-a
    tell "boot 2: release 1 runs after a reboot, started by systemd"
    redoubt content activate --unsigned "$tests/release-2.bundle" || fail "release 2 is not taken"
    protects_from slot-b
    await 300 "release 2 to be good" stands 2 good
    tell "release 2 has taken over, and is good; from the next boot on its agent ends at once"
    next_step
    systemctl reboot
    sleep 300
    ;;
  3)
    protects_from slot-a
    redoubt content why platform | grep -q "did not settle with it" || fail "no reason is given"
    stands 1 good || fail "release 1 is not the good one"
    tell "boot 3: release 2 did not start, release 1 protects $(cut -d. -f1 /proc/uptime) s after the boot, offline"
    die
    ;;
  4)
    protects_from slot-a
    redoubt content rollback platform || fail "redoubt content rollback"
    protects_from "$redoubt_place"
    tell "boot 4, after the power was cut: release 1 again; then the installation, by the owner's word"
    ;;
esac
