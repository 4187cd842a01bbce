#!/bin/sh
# count-tests.sh ROOT: sums Surefire's reports of every module into one closing line.
# Fails if a test failed, if one was skipped (skipping is not used here), or if none ran.
set -eu

cat "$1"/*/target/surefire-reports/TEST-*.xml 2>/dev/null | awk '
    function number(name,    at) {
        at = match($0, " " name "=\"[0-9]+\"")
        return at ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0
    }
    /<testsuite / {
        match($0, / name="[^"]*"/); suite = substr($0, RSTART + 7, RLENGTH - 8)
        bad = number("failures") + number("errors")
        tests += number("tests"); failed += bad; skipped += number("skipped")
        if (bad) printf "%s: %d failed\n", suite, bad
    }
    END {
        printf "%d passed, %d failed%s\n", tests - failed - skipped, failed,
            skipped ? ", " skipped " skipped (not allowed)" : ""
        exit !(tests > 0 && failed == 0 && skipped == 0)
    }'
