# The Debian package and the images of the fleet's server and of the node agent: that each is built the same
# twice, that their layout is what OCI says, and that the server's root, unpacked, serves a fleet as a user of its own. What the
# package does to a host is tested in testing/system and testing/guest.
. ./assert.sh

tools=$root/tools
"$tools/install-needs" image

# Every descriptor says what is there: OCI image layout 1.0.
# Prints the user and what is run.
layout_of() {
  python3 - "$1" <<'PYTHON'
import gzip, hashlib, json, pathlib, sys
root = pathlib.Path(sys.argv[1])
assert json.loads((root / "oci-layout").read_text())["imageLayoutVersion"] == "1.0.0"
def blob(descriptor):
    algorithm, digest = descriptor["digest"].split(":")
    data = (root / "blobs" / algorithm / digest).read_bytes()
    assert len(data) == descriptor["size"], descriptor
    assert hashlib.sha256(data).hexdigest() == digest, descriptor
    return data
(described,) = json.loads((root / "index.json").read_text())["manifests"]
manifest = json.loads(blob(described))
assert manifest["config"]["mediaType"] == "application/vnd.oci.image.config.v1+json"
config = json.loads(blob(manifest["config"]))
layers = [gzip.decompress(blob(layer)) for layer in manifest["layers"]]
digests = ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers]
assert config["rootfs"]["diff_ids"] == digests
blobs = {path.name for path in (root / "blobs" / "sha256").iterdir()}
assert len(blobs) == 2 + len(layers), blobs
print(config["config"]["User"], " ".join(config["config"]["Entrypoint"]))
PYTHON
}

# The package, twice.
"$tools/build-deb" --without-caches "$scratch/one" >/dev/null 2>"$scratch/log" || not_ok "build-deb: $(tail -3 "$scratch/log")"
"$tools/build-deb" --without-caches "$scratch/two" >/dev/null 2>"$scratch/log" || not_ok "build-deb: $(tail -3 "$scratch/log")"
package=$(find "$scratch/one" -name '*.deb')
check "a package is the same when it is built again" cmp -s "$package" "$scratch/two/${package##*/}"
contents=$(dpkg-deb --contents "$package")
for file in ./usr/bin/redoubt ./usr/lib/redoubt/runtime/bin/java ./usr/lib/systemd/system/redoubt.service \
  ./usr/share/man/man1/redoubt-run.1.gz ./usr/share/bash-completion/completions/redoubt ./usr/share/doc/redoubt/copyright; do
  contains "it has ${file#.}" " $file" "$contents"
done
parts=$(dpkg-deb --fsys-tarfile "$package" | tar -xO ./usr/share/doc/redoubt/sbom.cdx.json | python3 -c '
import json, sys
parts = json.load(sys.stdin)
licensed = [part["name"] for part in parts["components"] if part.get("licenses")]
print(parts["bomFormat"], " ".join(sorted({"OpenJDK", "picocli", "grpc-netty-shaded", "sqlite-jdbc"} & set(licensed))))')
same "it says what is in it, and under which licences" "CycloneDX OpenJDK grpc-netty-shaded picocli sqlite-jdbc" "$parts"
same "nobody but root can change a file of it" "" \
  "$(printf '%s\n' "$contents" | awk '$1 !~ /^l/ && (substr($1, 6, 1) == "w" || substr($1, 9, 1) == "w" || $2 != "root/root")' | head -3)"

# The node agent's image of it, twice.
"$tools/build-node-image" "$scratch/node" "$package" 2>"$scratch/log" || not_ok "build-node-image: $(tail -3 "$scratch/log")"
index=$(cat "$scratch/node/index.json")
"$tools/build-node-image" "$scratch/node" "$package" 2>"$scratch/log" || not_ok "build-node-image: $(tail -3 "$scratch/log")"
same "a node agent's image is the same when it is built again" "$index" "$(cat "$scratch/node/index.json")"
same "its layout is sound, and says what a pod runs" "0:0 /usr/bin/redoubt-node" "$(layout_of "$scratch/node")"
rm -rf "$scratch/one" "$scratch/two" "$scratch/node"

# The image, twice.
"$tools/build-image" "$scratch/image" 2>"$scratch/log" || not_ok "build-image: $(tail -3 "$scratch/log")"
index=$(cat "$scratch/image/index.json")
"$tools/build-image" "$scratch/image" 2>"$scratch/log" || not_ok "build-image: $(tail -3 "$scratch/log")"
same "an image is the same when it is built again" "$index" "$(cat "$scratch/image/index.json")"

same "its layout is sound, and says who runs what" "65532:65532 /usr/lib/redoubt/redoubt fleet serve" \
  "$(layout_of "$scratch/image")"

# Its root serves, in a view of its own, and another one joins in.
umoci unpack --image "$scratch/image:latest" "$scratch/bundle" >/dev/null 2>&1 || not_ok "umoci unpack"
inside=$scratch/bundle/rootfs
data=$scratch/data
mkdir "$data" && chown 65532:65532 "$data" && chmod 700 "$data" && chmod 755 "$scratch" "$scratch/bundle"
setpriv --reuid=65532 --regid=65532 --clear-groups \
  bwrap --ro-bind "$inside" / --proc /proc --dev /dev --tmpfs /tmp --bind "$data" /var/lib/redoubt-fleet \
  --unshare-pid --unshare-ipc --unshare-uts --die-with-parent --new-session --clearenv \
  --setenv REDOUBT_FLEET_DIR /var/lib/redoubt-fleet --setenv LC_ALL C.UTF-8 --setenv PATH /usr/lib/redoubt:/bin \
  /usr/lib/redoubt/redoubt fleet serve --name localhost --hosts 0 --people 0 >"$scratch/served" 2>&1 &
server=$!
cleanup() { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; }
serves() { [ -s "$data/owner.json" ] && grep -q "people" "$scratch/served"; }
# Status 1: there are none.
asked() {
  REDOUBT_FLEET_ACCESS=$data/owner.json "$root/build/dist/redoubt" fleet hosts --json >"$scratch/asked" 2>&1 || [ $? -eq 1 ]
}
check "the image's root serves a fleet" eventually serves
check "it answers whoever has its access file" eventually asked
same "it knows of no host" "[]" "$(cat "$scratch/asked")"
[ "$failures" -eq 0 ] || cat "$scratch/served"
same "it runs as nobody that this host knows" 65532 "$(stat -c %u "$data/fleet.db" 2>/dev/null)"
finish
