#!/bin/sh
# find-test-acme.sh: prints the ACME server the tests shall use, Let's Encrypt's Pebble, or nothing where it
# cannot be had. In order: ADIT_TEST_PEBBLE, pebble on PATH or in Adit's cache, pebble built with Go. With
# CI=true it fails rather than find none.
set -eu

pebble_release=v2.8.0

say() { printf '%s\n' "adit: $*" >&2; }

use() {
    say "ACME server for the tests: $1"
    echo "$1"
    exit 0
}

if [ -n "${ADIT_TEST_PEBBLE:-}" ]; then
    [ -x "$ADIT_TEST_PEBBLE" ] || {
        say "ADIT_TEST_PEBBLE is no program: $ADIT_TEST_PEBBLE"
        exit 1
    }
    use "$ADIT_TEST_PEBBLE"
fi

for pebble in "$(command -v pebble || true)" "$ADIT_CACHE/bin/pebble"; do
    [ -x "$pebble" ] && use "$pebble"
done
if command -v go >/dev/null 2>&1; then
    say "building Pebble $pebble_release with Go (half a minute, once)"
    if GOTOOLCHAIN=local GOFLAGS='' GOBIN="$ADIT_CACHE/bin" \
        go install "github.com/letsencrypt/pebble/v2/cmd/pebble@$pebble_release" >&2; then
        use "$ADIT_CACHE/bin/pebble"
    fi
fi

say "no ACME server here (no Pebble and no Go to build it): only what happens without one is tested"
[ "${CI:-}" != true ] || { say "in CI Pebble must run"; exit 1; }
