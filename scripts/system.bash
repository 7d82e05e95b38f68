# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Debian systems in directories: to make one, and to run commands in one. Sourced after
# common.bash.

# Release of Debian → its release of libvirt
declare -A VERSIONS=([bookworm]=9.0.0 [trixie]=11.3.0)

# isRelease RELEASE: whether it is one of these.
isRelease() {
    [ -n "$1" ] && [ -n "${VERSIONS[$1]:-}" ]
}

# releaseOf NAME: the release of that number, or NAME.
releaseOf() {
    case $1 in
    12) echo bookworm ;;
    13) echo trixie ;;
    *) echo "$1" ;;
    esac
}

# archives RELEASE: deb lines of RELEASE, for the archives that the host uses.
archives() {
    "$ROOT/scripts/apt-sources" "$1" | sed 's/^deb-src/deb/'
}

# aptSettings: what the host's apt is told about the way to the archive.
aptSettings() {
    apt-config dump | grep -E \
        '^Acquire::(https?::|ftp::|Retries|Check-|Max-ValidTime|ForceIPv|Languages)' || true
}

# makeSystem RELEASE DIR SOURCES ARGS...: a system in DIR, from the archives listed in the
# file SOURCES. ARGS are for mmdebstrap.
makeSystem() {
    local release=$1 dir=$2 sources=$3 settings certificates=/etc/ssl/certs/ca-certificates.crt
    shift 3
    settings=$(mktemp)
    aptSettings >"$settings"
    # A bare system that is to use https needs these to have been installed.
    ! grep -q https: "$sources" || set -- --include=ca-certificates "$@"
    mmdebstrap --quiet --mode=root --aptopt="$settings" "$@" "$release" "$dir" - \
        <"$sources" || {
        rm -f "$settings"
        return 1
    }
    rm -f "$settings"
    [ ! -d "$dir/etc/ssl/certs" ] || [ ! -e "$certificates" ] ||
        cp "$certificates" "$dir$certificates"
    cp -L /etc/resolv.conf /etc/hosts "$dir/etc/"
}

# enter SYSTEM DIR COMMAND: run COMMAND in DIR of SYSTEM, with the host's devices, cgroups
# and network. pivot_root rather than chroot, because a process in a chroot may not make
# user namespaces. The outer bash is the first process of the PID namespace and reaps the
# others: libvirt's commandtest waits until that has happened. All of them end with the shell
# that calls this.
enter() {
    # shellcheck disable=SC2016 # expanded by that bash
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private \
        bash -euc '
            mount --bind "$1" "$1"
            cd "$1"
            mount -t proc proc proc
            mount --rbind /sys sys
            mount --rbind /dev dev
            mount -t tmpfs tmpfs run
            pivot_root . mnt
            umount --lazy /mnt
            cd "$2"
            env -i HOME=/root TERM="${TERM:-dumb}" CI="${CI:-}" \
                PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
                CONFINEMENT_NO_SKIP="${CONFINEMENT_NO_SKIP:-0}" \
                DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:-}" \
                http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" \
                bash -c "$3" || exit' _ "$1" "$2" "$3" </dev/null
}
