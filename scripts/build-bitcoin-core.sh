#!/bin/sh
# Builds bitcoind and bitcoin-cli once, with wallet and ZMQ, into Adit's cache ($ADIT_CACHE/bin): about 11 minutes on
# two cores. The source is the Bitcoin Core tree inside a pinned source package of PyPI. It is a development tree and
# nobody's release: for tests only.
set -eu

package=py-bitcoinkernel==0.1.0a5
archive=py_bitcoinkernel-0.1.0a5.tar.gz
sha256=71b91eecac7a8b07248be04471c3bf98016b38bf823aefd28f7b31179940520d

say() { printf '%s\n' "adit: $*" >&2; }
die() { say "$@"; exit 1; }

[ ! -x "$ADIT_CACHE/bin/bitcoind" ] || exit 0

for tool in python3 cmake make c++ pkg-config; do
    command -v $tool >/dev/null 2>&1 || missing="${missing:-} $tool"
done
for library in libevent libzmq sqlite3; do
    pkg-config --exists $library 2>/dev/null || missing="${missing:-} $library"
done
[ -z "${missing:-}" ] || die "Bitcoin Core needs$missing; on Debian: apt-get install" \
    "python3-pip cmake g++ make pkg-config libboost-dev libevent-dev libsqlite3-dev libzmq3-dev"

work=$ADIT_CACHE/bitcoin-core
mkdir -p "$work" "$ADIT_CACHE/bin"
cd "$work"

if [ ! -f "$archive" ]; then
    say "fetching $package from PyPI"
    python3 -m pip download -q --no-deps --no-binary py-bitcoinkernel "$package" >&2
fi
actual=$(if command -v sha256sum >/dev/null 2>&1; then sha256sum "$archive"; else shasum -a 256 "$archive"; fi | cut -d ' ' -f 1)
[ "$actual" = "$sha256" ] || { rm -f "$archive"; die "refused $archive: its SHA-256 is $actual, not $sha256"; }
[ -d source ] || {
    rm -rf unpacking && mkdir unpacking && tar -xzf "$archive" -C unpacking && mv unpacking/*/depend/bitcoin source && rm -rf unpacking
}

say "building Bitcoin Core (about 11 minutes, once); everything it says is in $work/build.log"
cmake -S source -B build -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O1 \
    -DBUILD_DAEMON=ON -DBUILD_CLI=ON -DENABLE_WALLET=ON -DWITH_ZMQ=ON \
    -DBUILD_TESTS=OFF -DBUILD_BENCH=OFF -DBUILD_TX=OFF -DBUILD_UTIL=OFF -DBUILD_BITCOIN_BIN=OFF \
    -DENABLE_IPC=OFF -DENABLE_EXTERNAL_SIGNER=OFF -DWITH_EMBEDDED_ASMAP=OFF -DINSTALL_MAN=OFF \
    >build.log 2>&1 || { tail -n 20 build.log >&2; die "configuring Bitcoin Core failed"; }

{
    code=0
    nice cmake --build build -j "$(getconf _NPROCESSORS_ONLN)" --target bitcoind bitcoin-cli 2>&1 || code=$?
    printf '\nbuild ended with %s\n' "$code"
} | {
    result=1
    told=0
    while IFS= read -r line; do
        printf '%s\n' "$line" >>build.log
        case $line in
            '['*%']'*)
                percent=${line#[}
                percent=${percent%%%*}
                percent=$((percent))
                [ "$percent" -lt $((told + 5)) ] || { told=$percent; say "  $percent % built"; } ;;
            'build ended with '*) result=${line##* } ;;
        esac
    done
    exit "$result"
} || { tail -n 20 build.log >&2; die "building Bitcoin Core failed"; }

# Only finished programs get their names: an interrupted build is taken up again.
for program in bitcoin-cli bitcoind; do
    strip -o "$ADIT_CACHE/bin/$program.new" "build/bin/$program"
    mv "$ADIT_CACHE/bin/$program.new" "$ADIT_CACHE/bin/$program"
done
rm -rf source build
say "built $ADIT_CACHE/bin/bitcoind"
