#!/bin/sh
# technique: T1547.013 Boot or Logon Autostart Execution: XDG Autostart Entries
# rule: autostart_entry_written
# Has itself started with the desktop of a user.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /home/worker/.config/autostart
printf '[Desktop Entry]\nType=Application\nName=Update\nExec=/opt/implant\n' > /home/worker/.config/autostart/update.desktop
exit 0
