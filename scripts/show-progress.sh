#!/bin/sh
# Reads Maven's output into the log $1 and shows its progress in few lines; ends as Maven did, which the last line tells.
set -eu

log=$1
say() { printf '%s\n' "adit: $*" >&2; }

fetched=0
result=1
: >"$log"
while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    case $line in
        '[INFO] Building '*'['*/*']')
            module=${line#'[INFO] Building '}
            say "  building ${module%% *} ${module##* }" ;;
        *'Downloaded from '*)
            fetched=$((fetched + 1))
            [ $((fetched % 50)) -ne 0 ] || say "  $fetched files fetched" ;;
        '[ERROR]'*) printf '%s\n' "$line" >&2 ;;
        'maven ended with '*) result=${line##* } ;;
    esac
done
[ "$result" -eq 0 ] || say "the build failed; everything it said is in $log"
exit "$result"
