# Sourced by what builds OCI images: what they share. Needs `root`, the checkout; sets `work`, a folder that
# is gone at the end, and `tree`, in it, what the image will have.
: "${root:?where the sources lie}"

image_begin() {
  [ "$(id -u)" -eq 0 ] || {
    say "not root, whose files those of an image are; run as root"
    exit 77
  }
  umask 022
  "$root/tools/install-needs" image
  . "$root/tools/source-date.sh"
  redoubt_source_date "$root"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  tree=$work/root
  mkdir -p "$tree/bin" "$tree/etc" "$tree/tmp" "$tree/proc" "$tree/dev"
}

# One static program, which is the shell and each of the programs that are named.
image_programs() {
  cp /bin/busybox "$tree/bin"
  for program in sh "$@"; do ln -s busybox "$tree/bin/$program"; done
}

# Nobody but root writes, but where everybody may; and times are those of the commit.
image_settle() {
  chmod -R u+rwX,go+rX,go-w "$tree"
  chmod 1777 "$tree/tmp"
  redoubt_settle_times "$tree"
}

# image_write FOLDER CONFIGURATION...: the layout, with umoci's words for what is run and how.
image_write() {
  image_folder=$1
  shift
  rm -rf "$image_folder"
  mkdir -p "${image_folder%/*}"
  umoci init --layout "$image_folder"
  umoci new --image "$image_folder:latest"
  umoci config --image "$image_folder:latest" --no-history --created "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" \
    --author "the Redoubt project" --architecture "$(dpkg --print-architecture)" --os linux "$@"
  umoci insert --image "$image_folder:latest" --no-history "$tree" /
  umoci gc --layout "$image_folder"
  say "written: $image_folder ($(du -sm "$image_folder" | cut -f1) MiB)"
}
