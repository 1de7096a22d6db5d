#!/bin/sh
# A day's work of a developer in a few seconds, in a miniature root: workload.sh FOLDER
# Prints how much it did, so that nothing can be missing unnoticed.
set -e
cd "$1"

mkdir sources repository
unit=0
while [ $unit -lt 60 ]; do
  echo "int unit_$unit(int value) { return value * $unit; }" >sources/unit_$unit.c
  unit=$((unit + 1))
done
cat >Makefile <<'MAKE'
objects := $(patsubst %.c,%.o,$(wildcard sources/*.c))
whole.o: $(objects)
	ld -r -o $@ $^
%.o: %.c
	gcc -O1 -c -o $@ $<
MAKE
make -s -j2
echo "objects $(ls sources/*.o whole.o | wc -l)"

git init -q --template= repository
commit=0
while [ $commit -lt 60 ]; do
  echo "$commit" >repository/file
  git -C repository add file
  git -C repository commit -q -m "commit $commit"
  commit=$((commit + 1))
done
echo "commits $(git -C repository rev-list --count HEAD)"

query=0
while [ $query -lt 40 ]; do
  dpkg-query -W >packages
  sort packages >sorted
  query=$((query + 1))
done
echo "queries $query"

turn=0
while [ $turn -lt 300 ]; do
  /bin/true
  cp sorted copy
  rm copy
  turn=$((turn + 1))
done
echo "turns $turn"
