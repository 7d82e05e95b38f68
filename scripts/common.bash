# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What every script here shares: where things are, and how to speak.
# Sourced; the caller has set -euo pipefail.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export ROOT
# The build directory, and the libvirt release that is built in it.
export BUILD=${CONFINEMENT_BUILD:-$ROOT/build}
export LIBVIRT=${CONFINEMENT_LIBVIRT:-9.0.0}

# Progress goes to stderr: stdout belongs to what was asked for.
say() {
    printf '%s\n' "$*" >&2
}

# What was called says why it ends, whichever script found out.
export CONFINEMENT_COMMAND=${CONFINEMENT_COMMAND:-${0##*/}}
die() {
    printf '%s: %s\n' "$CONFINEMENT_COMMAND" "$*" >&2
    exit 1
}

# A script never ends without a word.
trap 'say "${0##*/}: line $LINENO: \"$BASH_COMMAND\" failed"' ERR

# script NAME ARGS...: run another script, and end with it when it fails: it has
# said why.
script() {
    "$ROOT/scripts/$1" "${@:2}" || exit
}

# lock DIR: hold DIR until this process ends. A directory can be locked like a
# file, and needs no file that has to be cleaned up. Descriptor 9 must be
# closed in whatever outlives the caller.
lock() {
    exec 9<"$1"
    flock -n 9 && return
    say "waiting for another process that works in $1 ..."
    flock 9
}
