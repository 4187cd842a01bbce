#!/bin/sh
# find-test-node.sh: prints the real Bitcoin node the tests shall use, or nothing where none can be had:
# the path of a bitcoind or btcd, or the word docker. In order: ADIT_TEST_NODE, bitcoind on PATH or in Adit's
# cache, Docker, btcd on PATH or in the cache, btcd built with Go. With CI=true it fails rather than find none.
set -eu

btcd_release=v0.26.2

say() { printf '%s\n' "adit: $*" >&2; }

use() { # node, description
    say "real node for the tests: $2"
    echo "$1"
    exit 0
}

if [ -n "${ADIT_TEST_NODE:-}" ]; then
    [ "$ADIT_TEST_NODE" = docker ] || [ -x "$ADIT_TEST_NODE" ] || {
        say "ADIT_TEST_NODE is no program: $ADIT_TEST_NODE"
        exit 1
    }
    use "$ADIT_TEST_NODE" "$ADIT_TEST_NODE"
fi

for node in "$(command -v bitcoind || true)" "$ADIT_CACHE/bin/bitcoind"; do
    [ -x "$node" ] && use "$node" "Bitcoin Core, $node"
done
if command -v docker >/dev/null 2>&1 && docker info >/dev/null 2>&1; then
    use docker "Bitcoin Core in Docker"
fi
for node in "$(command -v btcd || true)" "$ADIT_CACHE/bin/btcd"; do
    [ -x "$node" ] && use "$node" "btcd, $node"
done
if command -v go >/dev/null 2>&1; then
    say "building btcd $btcd_release with Go (about a minute, once)"
    if GOTOOLCHAIN=local GOFLAGS='' GOBIN="$ADIT_CACHE/bin" go install "github.com/btcsuite/btcd@$btcd_release" >&2; then
        use "$ADIT_CACHE/bin/btcd" "btcd, $ADIT_CACHE/bin/btcd"
    fi
fi

say "no real Bitcoin node here (no bitcoind, Docker, btcd or Go): the tests use the embedded chain alone"
[ "${CI:-}" != true ] || { say "in CI one real node must run"; exit 1; }
