# The documentation as a site: that every page is there and every link leads somewhere, and that it loads
# nothing from elsewhere.
. ./assert.sh

"$root/tools/build-site" "$scratch/site" >"$scratch/log" 2>&1
same "the site is built without a warning" 0 $?
[ -s "$scratch/site/index.html" ] || cat "$scratch/log"
for page in index docs/guides/getting-started docs/reference spec/engine-protocol docs/decisions/index GOVERNANCE; do
  check "it has $page" test -s "$scratch/site/$page.html"
done
same "each page of the repository is one of it" "$(find "$root"/*.md "$root/docs" "$root/spec" -name '*.md' | wc -l)" \
  "$(find "$scratch/site" -name '*.html' ! -path '*/engine/*' ! -path '*/testing/*' ! -name 404.html ! -name search.html | wc -l)"
elsewhere=$(grep -rhoE '<(script|link|img)[^>]*(src|href)="(https?:)?//[^"]*' "$scratch/site" --include='*.html' | sort -u)
same "no page loads anything from elsewhere" "" "$elsewhere"
contains "records are found by their titles" "The package brings its own Java" "$(cat "$scratch/site/docs/decisions/index.html")"
finish
