/*
 * libvirt-lxc-exec.h: run programs in the containers of the LXC driver
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Included by libvirt-lxc.h.
 */

#ifndef LIBVIRT_LXC_EXEC_H
# define LIBVIRT_LXC_EXEC_H

# ifndef LIBVIRT_LXC_H
#  error "Include <libvirt/libvirt-lxc.h> instead"
# endif

/**
 * virDomainLxcExecFlags:
 *
 * Since: 9.0.0
 */
typedef enum {
    /* Run the program in a terminal of its own, which is created in the
     * container (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_TTY = 1 << 0,

    /* The program continues when the stream is closed (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_DETACH = 1 << 1,

    /* Only join the namespaces and cgroups: capabilities, no_new_privs,
     * Landlock, seccomp filter and security label are not those of the
     * container (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_UNCONFINED = 1 << 2,

    /* Do not set the security label of the domain (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_NO_SECLABEL = 1 << 3,
} virDomainLxcExecFlags;

/**
 * VIR_DOMAIN_LXC_EXEC_USER:
 *
 * Parameter of virDomainLxcExec(): name of a user in the container's
 * /etc/passwd, or a number, as VIR_TYPED_PARAM_STRING. The default is root.
 *
 * Since: 9.0.0
 */
# define VIR_DOMAIN_LXC_EXEC_USER "user"

/**
 * VIR_DOMAIN_LXC_EXEC_GROUP:
 *
 * Parameter of virDomainLxcExec(): name of a group in the container's
 * /etc/group, or a number, as VIR_TYPED_PARAM_STRING. The default is the
 * primary group of the user. It can be repeated: then the program has exactly
 * these groups, of which the first is its primary group. Otherwise, the
 * supplementary groups are those of the user in the container's /etc/group.
 *
 * Since: 9.0.0
 */
# define VIR_DOMAIN_LXC_EXEC_GROUP "group"

/**
 * VIR_DOMAIN_LXC_EXEC_ARG0:
 *
 * Parameter of virDomainLxcExec(): what the program receives as argv[0], as
 * VIR_TYPED_PARAM_STRING. The default is @argv[0] of the call. A login shell,
 * for example, expects a hyphen at the beginning.
 *
 * Since: 9.0.0
 */
# define VIR_DOMAIN_LXC_EXEC_ARG0 "arg0"

/**
 * VIR_DOMAIN_LXC_EXEC_CWD:
 *
 * Parameter of virDomainLxcExec(): working directory, an absolute path in the
 * container, as VIR_TYPED_PARAM_STRING. The default is "/".
 *
 * Since: 9.0.0
 */
# define VIR_DOMAIN_LXC_EXEC_CWD "cwd"

/**
 * VIR_DOMAIN_LXC_EXEC_ENV:
 *
 * Parameter of virDomainLxcExec(): an environment variable, "NAME=value", as
 * VIR_TYPED_PARAM_STRING. It can be repeated.
 *
 * Since: 9.0.0
 */
# define VIR_DOMAIN_LXC_EXEC_ENV "env"

/**
 * VIR_DOMAIN_LXC_EXEC_ROWS:
 *
 * Parameter of virDomainLxcExec(): height of the terminal in characters, as
 * VIR_TYPED_PARAM_UINT.
 *
 * Since: 9.0.0
 */
# define VIR_DOMAIN_LXC_EXEC_ROWS "rows"

/**
 * VIR_DOMAIN_LXC_EXEC_COLUMNS:
 *
 * Parameter of virDomainLxcExec(): width of the terminal in characters, as
 * VIR_TYPED_PARAM_UINT.
 *
 * Since: 9.0.0
 */
# define VIR_DOMAIN_LXC_EXEC_COLUMNS "columns"

/**
 * VIR_DOMAIN_LXC_EXEC_MESSAGE_MAX:
 *
 * Maximum length of the data of a message of virDomainLxcExec(), in bytes.
 *
 * Since: 9.0.0
 */
# define VIR_DOMAIN_LXC_EXEC_MESSAGE_MAX 65536

/**
 * virDomainLxcExecMessage:
 *
 * Types of the messages in the stream of virDomainLxcExec(). A message starts
 * with a header of 8 bytes: its type and the length of its data, 4 bytes each.
 * The data follows. All numbers are unsigned and in network byte order.
 *
 * Since: 9.0.0
 */
typedef enum {
    /* To the program: bytes of its standard input. A message without data is
     * the end of input. (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_MESSAGE_STDIN = 1,

    /* To the program: height and width of its terminal in characters, 4 bytes
     * each (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_MESSAGE_RESIZE = 2,

    /* To the program: number of a signal of the host's architecture, 4 bytes.
     * In a terminal, SIGINT, SIGQUIT and SIGTSTP are sent to the foreground
     * process group. (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_MESSAGE_SIGNAL = 3,

    /* To the program: from now on, it continues when the stream is closed
     * (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_MESSAGE_DETACH = 4,

    /* From the program: bytes of its standard output. In a terminal, this
     * includes standard error. (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_MESSAGE_STDOUT = 5,

    /* From the program: bytes of its standard error (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_MESSAGE_STDERR = 6,

    /* From the program: its exit status, 4 bytes. This is the last message.
     * (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_MESSAGE_EXIT = 7,

    /* From the program: number of the signal that killed it, 4 bytes. This is
     * the last message. (Since: 9.0.0) */
    VIR_DOMAIN_LXC_EXEC_MESSAGE_SIGNALED = 8,
} virDomainLxcExecMessage;

int virDomainLxcExec(virDomainPtr domain,
                     virStreamPtr stream,
                     const char **argv,
                     unsigned int nargv,
                     virTypedParameterPtr params,
                     int nparams,
                     unsigned int flags);

/**
 * virConnectDomainLxcExecEventCallback:
 * @conn: the connection object
 * @dom: the domain in which the program ran
 * @id: the ID that virDomainLxcExec() returned
 * @status: exit status of the program, or -1 if it did not exit
 * @signal: number of the signal that killed the program, or 0; if @status is -1
 *   and this is 0, it is not known how the program ended
 * @opaque: opaque data
 *
 * The callback for the end of a program that was started by virDomainLxcExec().
 *
 * Since: 9.0.0
 */
typedef void (*virConnectDomainLxcExecEventCallback)(virConnectPtr conn,
                                                     virDomainPtr dom,
                                                     int id,
                                                     int status,
                                                     int signal,
                                                     void *opaque);

int virConnectDomainLxcExecEventRegister(virConnectPtr conn,
                                         virDomainPtr dom,
                                         virConnectDomainLxcExecEventCallback cb,
                                         void *opaque,
                                         virFreeCallback freecb,
                                         unsigned int flags);

int virConnectDomainLxcExecEventDeregister(virConnectPtr conn,
                                           int callbackID);

#endif /* LIBVIRT_LXC_EXEC_H */
