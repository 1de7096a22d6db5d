#!/bin/sh
# technique: T1222.002 File and Directory Permissions Modification: Linux and Mac File and Directory Permissions Modification
# rule: file_made_immutable
# Keeps its file from being changed or removed.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf '#!/bin/sh\n' > /opt/implant
chattr +i /opt/implant 2>/dev/null || true
chattr -i /opt/implant 2>/dev/null || true
exit 0
