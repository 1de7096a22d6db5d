#!/bin/sh
# technique: T1546.018 Event Triggered Execution: Python Startup Hooks
# rule: python_startup_hook_written
# Has itself started by every Python of a user.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
folder=/home/worker/.local/lib/python3.11/site-packages
mkdir -p $folder
printf 'import os\n' > $folder/usercustomize.py
exit 0
