# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Shared by all scripts: locations, messages, exit, and --help, which is handled when
# this file is sourced. The caller has set -euo pipefail.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export ROOT

# This Debian's release, and the libvirt that it has. Other distributions get the
# defaults of Debian 12 (CONFINEMENT_ANY_DISTRO).
debianRelease() {
    local ID='' VERSION_CODENAME=''
    # shellcheck source=/dev/null
    [ ! -r /etc/os-release ] || . /etc/os-release
    [ "$ID" = debian ] && echo "${VERSION_CODENAME:-sid}" || echo bookworm
}
DEBIAN=$(debianRelease)
case $DEBIAN in
bookworm) DEFAULT_LIBVIRT=9.0.0 ;;
*) DEFAULT_LIBVIRT=11.3.0 ;;
esac
export DEBIAN

# The libvirt release that is built, and the build directory, of which each release has
# its own.
chooseLibvirt() {
    export LIBVIRT=$1
    BUILD=$ROOT/build
    [ "$LIBVIRT" = "$DEFAULT_LIBVIRT" ] || BUILD+=-$LIBVIRT
    export BUILD=${CONFINEMENT_BUILD:-$BUILD}
}
chooseLibvirt "${CONFINEMENT_LIBVIRT:-$DEFAULT_LIBVIRT}"

# Progress goes to stderr: stdout belongs to what was asked for.
say() {
    printf '%s\n' "$*" >&2
}

# --- the end -----------------------------------------------------------------
#
# A script never fails without a word. It says why (die), or was told by another
# that has (script, quit); failing that, the EXIT trap names the command.

SPOKEN=false
FAILED=
set -o errtrace
trap 'FAILED="line $LINENO: $BASH_COMMAND"' ERR
trap 'end $?' EXIT

# What a script has to do when it ends; it may define its own.
cleanUp() {
    :
}

# endChildren: end what this script has started and is still running. A signal may have been
# for the script alone, and cleanUp is about to remove what they work in. A script that leaves
# processes behind on purpose must not call this.
endChildren() {
    local i
    # It blocks SIGTERM, and what it runs ends with it.
    pkill -KILL -P $$ -x unshare || true
    pkill -TERM -P $$ || return 0
    for ((i = 0; i < 600; i++)); do
        pkill -0 -P $$ || return 0
        sleep 0.1
    done
    pkill -KILL -P $$ || true
}

end() {
    cleanUp
    [ "$1" -eq 0 ] || $SPOKEN || say "${0##*/}: failed at ${FAILED:-an unknown place}"
}

# quit STATUS: end; what there is to say has been said.
quit() {
    SPOKEN=true
    exit "$1"
}

# What was called says why it ends, whichever script found out.
export CONFINEMENT_COMMAND=${CONFINEMENT_COMMAND:-${0##*/}}
die() {
    printf '%s: %s\n' "$CONFINEMENT_COMMAND" "$*" >&2
    quit 1
}

# script NAME ARGS...: run another script, and end with it when it fails.
script() {
    "$ROOT/scripts/$1" "${@:2}" || quit $?
}

# --- usage -------------------------------------------------------------------

# usage: print the comment at the top of the script, without the license.
usage() {
    sed -n '4,/^[^#]/s/^# \{0,1\}//p' "$0"
}

helpIfAsked() {
    [[ ${1:-} != -h && ${1:-} != --help ]] || {
        usage
        exit
    }
}
helpIfAsked "$@"

# -----------------------------------------------------------------------------

# supported: the versions of libvirt that there are patches for, the oldest first.
supported() {
    find "$ROOT/libvirt" -mindepth 2 -maxdepth 2 -name source -printf '%h\n' |
        sed 's,.*/,,' | sort -V
}

# takeVersion VERSION: what --libvirt does; the scripts that are called learn it from
# the environment.
takeVersion() {
    supported | grep -qxF -- "$1" ||
        die "libvirt '$1' is not supported; these versions are: $(supported | paste -sd ' ')."
    export CONFINEMENT_LIBVIRT=$1
    chooseLibvirt "$1"
}

# aptReason LOG: what apt complains of first, in parentheses.
aptReason() {
    sed -n 's/^[EW]: \(.*\)/ (apt: \1)/p' "$1" | head -n 1
}

# diskReason LOG: that the disk of LOG is full, in parentheses. What failed may have removed
# its files since.
diskReason() {
    local free
    free=$(df --output=avail -BM "${1%/*}" | tail -n 1 | tr -dc 0-9)
    [ "$free" -ge 20 ] && ! grep -qs 'No space left on device' "$1" ||
        echo " (the disk is full)"
}

# dieWithLog LOG WHAT: die because of WHAT, with the reason if LOG has one that is known, and
# with its end otherwise.
dieWithLog() {
    local reason
    reason=$(aptReason "$1")$(diskReason "$1")
    [ -n "$reason" ] || tail -n 15 "$1" >&2
    die "$2$reason."
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
