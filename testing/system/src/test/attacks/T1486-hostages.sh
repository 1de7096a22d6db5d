#!/bin/sh
# technique: T1486 Data Encrypted for Impact
# rule: files_renamed_as_hostages
# Scrambles documents and renames them, as extortionists do.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /home/worker/Documents
for number in 1 2 3 4; do
  printf 'letter %s\n' $number > /home/worker/Documents/letter$number.txt
done
cat > /opt/scramble.py <<'END'
import os, time
folder = "/home/worker/Documents"
for name in sorted(os.listdir(folder)):
    if name.startswith("letter"):
        path = os.path.join(folder, name)
        with open(path, "r+b") as file:
            data = file.read()
            file.seek(0)
            file.write(bytes(byte ^ 0x5A for byte in data))
        os.rename(path, path + ".locked")
time.sleep(0.3)
END
python3 /opt/scramble.py
exit 0
