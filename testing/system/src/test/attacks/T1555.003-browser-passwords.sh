#!/bin/sh
# technique: T1555.003 Credentials from Password Stores: Credentials from Web Browsers
# rule: browser_passwords_copied
# Takes the passwords that a browser keeps.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
profile=/home/worker/.mozilla/firefox/a1b2c3.default
mkdir -p $profile /tmp/loot
printf '{}\n' > $profile/logins.json
printf 'key\n' > $profile/key4.db
cp $profile/logins.json $profile/key4.db /tmp/loot/
exit 0
