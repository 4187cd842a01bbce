#!/bin/sh
# fetch-tool.sh jdk|maven: puts a pinned JDK or Maven into Adit's cache ($ADIT_CACHE), checked against the
# checksum its makers publish beside it. Asks first; without a terminal only ADIT_FETCH=1 means yes.
set -eu

jdk_release=25.0.3+9
maven_release=3.9.11

say() { printf '%s\n' "adit: $*" >&2; }
die() { say "$@"; exit 1; }

platform() { # this machine in the words of Adoptium's file names
    case $(uname -s) in
        Linux) if [ -f /etc/alpine-release ]; then os=alpine-linux; else os=linux; fi ;;
        Darwin) os=mac ;;
        *) return 1 ;;
    esac
    case $(uname -m) in
        x86_64 | amd64) arch=x64 ;;
        aarch64 | arm64) arch=aarch64 ;;
        *) return 1 ;;
    esac
    echo "${arch}_${os}"
}

adoptium() {
    file_release=$(echo "$jdk_release" | tr + _)
    printf 'https://github.com/adoptium/temurin25-binaries/releases/download/jdk-%s/OpenJDK25U-jdk_%s_hotspot_%s.tar.gz' \
        "$(echo "$jdk_release" | sed 's/+/%2B/')" "$1" "$file_release"
}

case ${1:-} in
    jdk)
        what="JDK 25 or newer" offer="Temurin $jdk_release (about 140 MB)" name=jdk-$jdk_release
        variable=JAVA_HOME algorithm=256 ending=.sha256.txt
        if [ -n "${ADIT_JDK_URL:-}" ]; then
            url=$ADIT_JDK_URL
        elif machine=$(platform); then
            url=$(adoptium "$machine")
        else
            die "no JDK 25 or newer found: install one and set JAVA_HOME (none is offered for $(uname -sm))"
        fi ;;
    maven)
        what="Maven 3.8 or newer" offer="Apache Maven $maven_release (about 9 MB)" name=maven-$maven_release
        variable=MAVEN_HOME algorithm=512 ending=.sha512
        url=${ADIT_MAVEN_URL:-https://archive.apache.org/dist/maven/maven-3/$maven_release/binaries/apache-maven-$maven_release-bin.tar.gz} ;;
    *) die "fetch-tool.sh jdk|maven" ;;
esac

if [ "${ADIT_FETCH:-}" != 1 ]; then
    [ -t 0 ] && [ -t 2 ] ||
        die "no $what found: install one and set $variable, or run with ADIT_FETCH=1 to fetch $offer into $ADIT_CACHE"
    printf 'adit: no %s found. Fetch %s\n  from %s\n  into %s? [y/N] ' "$what" "$offer" "$url" "$ADIT_CACHE" >&2
    read -r answer || answer=
    case $answer in
        [yY]*) ;;
        *) die "nothing fetched: install a $what and set $variable" ;;
    esac
fi

get() { # address, file
    if command -v curl >/dev/null 2>&1; then
        if [ -t 2 ]; then bar=--progress-bar; else bar=--silent; fi
        curl --fail --location --show-error --connect-timeout 20 $bar --output "$2" "$1"
    elif command -v wget >/dev/null 2>&1; then
        wget -q -T 60 -O "$2" "$1"
    else
        die "neither curl nor wget is here to fetch $1"
    fi || die "could not fetch $1"
}

digest() {
    if command -v "sha${algorithm}sum" >/dev/null 2>&1; then
        "sha${algorithm}sum" "$1"
    else
        shasum -a "$algorithm" "$1"
    fi | cut -d ' ' -f 1
}

mkdir -p "$ADIT_CACHE"
scratch=$(mktemp -d "$ADIT_CACHE/fetching.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' HUP INT TERM

say "fetching $offer from $url"
get "$url$ending" "$scratch/checksum"
get "$url" "$scratch/archive"
# Makers write either the sum alone or the sum and the file's name.
expected=$(awk '{ print tolower($1); exit }' "$scratch/checksum")
actual=$(digest "$scratch/archive")
[ "$expected" = "$actual" ] ||
    die "refused $url: its SHA-$algorithm is $actual, its makers publish $expected"

mkdir "$scratch/unpacked"
tar -xzf "$scratch/archive" -C "$scratch/unpacked"
rm -rf "${ADIT_CACHE:?}/$name"
# The archive holds one directory.
mv "$scratch/unpacked"/* "$ADIT_CACHE/$name"
say "unpacked into $ADIT_CACHE/$name"
