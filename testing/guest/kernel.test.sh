# shellcheck shell=sh
# What enters the kernel: modules of Debian's own, one without a signature, a USB stick. Sourced by `run`.
install_redoubt
mkdir -p /tmp/rules
cat >/tmp/rules/module.yml <<'RULE'
title: A module was loaded
id: 00000001-0000-4000-8000-000000000000
logsource: {product: linux, category: driver_load}
detection:
  sel: {ModuleName: dummy, ImageLoaded|endswith: /dummy.ko}
  condition: sel
RULE
cat >/tmp/rules/stick.yml <<'RULE'
title: A stick was plugged in
id: 00000002-0000-4000-8000-000000000000
logsource: {product: linux, category: device}
detection:
  sel: {Action: connect, Subsystem: usb, Type: usb_device, SerialNumber: REDOUBT1}
  condition: sel
RULE
cat >/tmp/rules/disk.yml <<'RULE'
title: A disk came with it
id: 00000003-0000-4000-8000-000000000000
logsource: {product: linux, category: device}
detection:
  sel: {Action: connect, Subsystem: block, Type: disk, SerialNumber: REDOUBT1}
  condition: sel
RULE
cat >/tmp/rules/pulled.yml <<'RULE'
title: The stick was pulled out
id: 00000004-0000-4000-8000-000000000000
logsource: {product: linux, category: device}
detection:
  sel: {Action: disconnect, Subsystem: usb, Type: usb_device, SerialNumber: REDOUBT1}
  condition: sel
RULE
start_agent --rules /tmp/rules
tell "protects: kernel $(uname -r)"

modprobe dummy || fail "modprobe dummy"
await 120 "the module" journal_has "A module was loaded"
redoubt events --json -n 1000 >/tmp/events.json
grep -q "kernel/drivers/net/dummy.ko" /tmp/events.json || fail "no path of the module: $(grep "A module was loaded" /tmp/events.json)"
tell "a module that is loaded is found, with its file: dummy"
# 1 says that code of others is there, such as the eBPF programs of systemd.
redoubt kernel --all --json >/tmp/kernel.json || [ $? -eq 1 ] || fail "redoubt kernel"
grep -q '"dummy"' /tmp/kernel.json || fail "dummy is not listed"
tell "redoubt kernel lists $(grep -o '"name"' /tmp/kernel.json | wc -l) modules and programs"

want usb plug
await 180 "the stick" journal_has "A stick was plugged in"
await 180 "its disk" journal_has "A disk came with it"
want usb unplug
await 180 "its end" journal_has "The stick was pulled out"
tell "a USB stick is found by its serial number, its disk too, and when it is pulled out"

# A module that nobody has signed: Debian's own without its signature.
rmmod dummy
python3 - "$(modinfo -n dummy)" /tmp/evil.ko <<'PYTHON' || fail "taking the signature off"
import struct, sys
signed = open(sys.argv[1], "rb").read()
mark = b"~Module signature appended~\n"
assert signed.endswith(mark)
length = struct.unpack(">I", signed[-len(mark) - 4:-len(mark)])[0]
open(sys.argv[2], "wb").write(signed[:-len(mark) - 12 - length])
PYTHON
# shellcheck disable=SC2154  # set by run
cp "$redoubt_place"/content/rules/linux/module_without_signature.yml /tmp/rules
stop_agent
start_agent --rules /tmp/rules --kernel alert --kernel deny --kernel lock

insmod /tmp/evil.ko 2>/tmp/refused && fail "insmod of a .ko under --kernel deny"
grep -q "not permitted" /tmp/refused || fail "insmod: $(cat /tmp/refused)"
modprobe dummy 2>/dev/null && fail "modprobe under --kernel deny"
tell "--kernel deny: neither insmod nor modprobe opens a module"
mv /tmp/evil.ko /tmp/evil
insmod /tmp/evil || fail "the way around that is documented: another name"
await 180 "the module without a signature" journal_has "A module without a signature is in the kernel"
await 180 "the alert" journal_has "KERNEL_CODE.*module dummy"
tell "a module without a signature, under another name, is found by its taint, and reported: $(cat /sys/module/dummy/taint)"

rmmod dummy
await 300 "the lock" journal_has "locked: the kernel takes no more modules"
insmod /tmp/evil 2>/dev/null && fail "insmod after the lock"
[ "$(cat /proc/sys/kernel/modules_disabled)" = 1 ] || fail "modules_disabled"
tell "--kernel lock: no module is taken any more, $(cut -d. -f1 /proc/uptime) s after the boot"
