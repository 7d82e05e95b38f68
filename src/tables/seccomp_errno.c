/*
 * seccomp_errno.c: the errnos that a rejected call can fail with
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: all of them. In: a name or a number. Out: the other. The numbers are
 * those of the architecture that this is built for; a few architectures have
 * different ones.
 */

#include <errno.h>

#include "seccomp_table.h"

/* clang-format off */
#define LXC_ERRNO(name) {#name, name}
/* clang-format on */

/* All of asm-generic/errno.h and errno(3), in the order of their numbers on
 * most architectures. */
static const struct {
    const char *name;
    int number;
} lxcErrnos[] = {
    /* clang-format off */
    LXC_ERRNO(EPERM),
    LXC_ERRNO(ENOENT),
    LXC_ERRNO(ESRCH),
    LXC_ERRNO(EINTR),
    LXC_ERRNO(EIO),
    LXC_ERRNO(ENXIO),
    LXC_ERRNO(E2BIG),
    LXC_ERRNO(ENOEXEC),
    LXC_ERRNO(EBADF),
    LXC_ERRNO(ECHILD),
    LXC_ERRNO(EAGAIN),
    LXC_ERRNO(ENOMEM),
    LXC_ERRNO(EACCES),
    LXC_ERRNO(EFAULT),
    LXC_ERRNO(ENOTBLK),
    LXC_ERRNO(EBUSY),
    LXC_ERRNO(EEXIST),
    LXC_ERRNO(EXDEV),
    LXC_ERRNO(ENODEV),
    LXC_ERRNO(ENOTDIR),
    LXC_ERRNO(EISDIR),
    LXC_ERRNO(EINVAL),
    LXC_ERRNO(ENFILE),
    LXC_ERRNO(EMFILE),
    LXC_ERRNO(ENOTTY),
    LXC_ERRNO(ETXTBSY),
    LXC_ERRNO(EFBIG),
    LXC_ERRNO(ENOSPC),
    LXC_ERRNO(ESPIPE),
    LXC_ERRNO(EROFS),
    LXC_ERRNO(EMLINK),
    LXC_ERRNO(EPIPE),
    LXC_ERRNO(EDOM),
    LXC_ERRNO(ERANGE),
    LXC_ERRNO(EDEADLK),
    LXC_ERRNO(ENAMETOOLONG),
    LXC_ERRNO(ENOLCK),
    LXC_ERRNO(ENOSYS),
    LXC_ERRNO(ENOTEMPTY),
    LXC_ERRNO(ELOOP),
    LXC_ERRNO(ENOMSG),
    LXC_ERRNO(EIDRM),
    LXC_ERRNO(ECHRNG),
    LXC_ERRNO(EL2NSYNC),
    LXC_ERRNO(EL3HLT),
    LXC_ERRNO(EL3RST),
    LXC_ERRNO(ELNRNG),
    LXC_ERRNO(EUNATCH),
    LXC_ERRNO(ENOCSI),
    LXC_ERRNO(EL2HLT),
    LXC_ERRNO(EBADE),
    LXC_ERRNO(EBADR),
    LXC_ERRNO(EXFULL),
    LXC_ERRNO(ENOANO),
    LXC_ERRNO(EBADRQC),
    LXC_ERRNO(EBADSLT),
    LXC_ERRNO(EBFONT),
    LXC_ERRNO(ENOSTR),
    LXC_ERRNO(ENODATA),
    LXC_ERRNO(ETIME),
    LXC_ERRNO(ENOSR),
    LXC_ERRNO(ENONET),
    LXC_ERRNO(ENOPKG),
    LXC_ERRNO(EREMOTE),
    LXC_ERRNO(ENOLINK),
    LXC_ERRNO(EADV),
    LXC_ERRNO(ESRMNT),
    LXC_ERRNO(ECOMM),
    LXC_ERRNO(EPROTO),
    LXC_ERRNO(EMULTIHOP),
    LXC_ERRNO(EDOTDOT),
    LXC_ERRNO(EBADMSG),
    LXC_ERRNO(EOVERFLOW),
    LXC_ERRNO(ENOTUNIQ),
    LXC_ERRNO(EBADFD),
    LXC_ERRNO(EREMCHG),
    LXC_ERRNO(ELIBACC),
    LXC_ERRNO(ELIBBAD),
    LXC_ERRNO(ELIBSCN),
    LXC_ERRNO(ELIBMAX),
    LXC_ERRNO(ELIBEXEC),
    LXC_ERRNO(EILSEQ),
    LXC_ERRNO(ERESTART),
    LXC_ERRNO(ESTRPIPE),
    LXC_ERRNO(EUSERS),
    LXC_ERRNO(ENOTSOCK),
    LXC_ERRNO(EDESTADDRREQ),
    LXC_ERRNO(EMSGSIZE),
    LXC_ERRNO(EPROTOTYPE),
    LXC_ERRNO(ENOPROTOOPT),
    LXC_ERRNO(EPROTONOSUPPORT),
    LXC_ERRNO(ESOCKTNOSUPPORT),
    LXC_ERRNO(EOPNOTSUPP),
    LXC_ERRNO(EPFNOSUPPORT),
    LXC_ERRNO(EAFNOSUPPORT),
    LXC_ERRNO(EADDRINUSE),
    LXC_ERRNO(EADDRNOTAVAIL),
    LXC_ERRNO(ENETDOWN),
    LXC_ERRNO(ENETUNREACH),
    LXC_ERRNO(ENETRESET),
    LXC_ERRNO(ECONNABORTED),
    LXC_ERRNO(ECONNRESET),
    LXC_ERRNO(ENOBUFS),
    LXC_ERRNO(EISCONN),
    LXC_ERRNO(ENOTCONN),
    LXC_ERRNO(ESHUTDOWN),
    LXC_ERRNO(ETOOMANYREFS),
    LXC_ERRNO(ETIMEDOUT),
    LXC_ERRNO(ECONNREFUSED),
    LXC_ERRNO(EHOSTDOWN),
    LXC_ERRNO(EHOSTUNREACH),
    LXC_ERRNO(EALREADY),
    LXC_ERRNO(EINPROGRESS),
    LXC_ERRNO(ESTALE),
    LXC_ERRNO(EUCLEAN),
    LXC_ERRNO(ENOTNAM),
    LXC_ERRNO(ENAVAIL),
    LXC_ERRNO(EISNAM),
    LXC_ERRNO(EREMOTEIO),
    LXC_ERRNO(EDQUOT),
    LXC_ERRNO(ENOMEDIUM),
    LXC_ERRNO(EMEDIUMTYPE),
    LXC_ERRNO(ECANCELED),
    LXC_ERRNO(ENOKEY),
    LXC_ERRNO(EKEYEXPIRED),
    LXC_ERRNO(EKEYREVOKED),
    LXC_ERRNO(EKEYREJECTED),
    LXC_ERRNO(EOWNERDEAD),
    LXC_ERRNO(ENOTRECOVERABLE),
    LXC_ERRNO(ERFKILL),
    LXC_ERRNO(EHWPOISON),
    /* Other names for numbers above. */
    LXC_ERRNO(EWOULDBLOCK),
    LXC_ERRNO(EDEADLOCK),
    LXC_ERRNO(ENOTSUP),
    /* clang-format on */
};

int
virLXCErrnoByName(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcErrnos); i++) {
        if (g_str_equal(lxcErrnos[i].name, name))
            return lxcErrnos[i].number;
    }

    return -1;
}

const char *
virLXCErrnoName(unsigned int number)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcErrnos); i++) {
        if ((unsigned int)lxcErrnos[i].number == number)
            return lxcErrnos[i].name;
    }

    return NULL;
}
