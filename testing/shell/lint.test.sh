# Every shell file of the repository is POSIX sh and clean for shellcheck.
. ./assert.sh

cd "$root" || exit 1
for file in mvnw redoubt tools/* packaging/libexec/* packaging/debian/post* packaging/debian/prerm packaging/kubernetes/redoubt-node testing/benchmarks/first-block testing/shell/*.sh testing/shell/run testing/guest/*.sh testing/guest/run; do
  case $file in *.json | *.program) continue ;; esac
  check "shellcheck $file" shellcheck -x -P SCRIPTDIR "$file"
done
finish
