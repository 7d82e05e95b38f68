/*
 * stall.c: stop a thread of a client at an unfavorable instant
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * To be preloaded. After the thread $STALL_THREAD has unlocked a mutex for the
 * $STALL_NUMBER-th time, it creates the file $STALL_REACHED, and does not go on
 * until the file $STALL_UNTIL exists.
 */

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define POLL_MICROSECONDS 10000
#define NAME_SIZE 16

static bool
concerns(void)
{
    char name[NAME_SIZE] = "";
    const char *wanted = getenv("STALL_THREAD");

    return wanted && prctl(PR_GET_NAME, name) == 0 && strcmp(name, wanted) == 0;
}

static void
stall(void)
{
    close(open(getenv("STALL_REACHED"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    while (access(getenv("STALL_UNTIL"), F_OK) < 0)
        usleep(POLL_MICROSECONDS);
}

int
pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    static __typeof__(&pthread_mutex_unlock) real;
    static __thread int count;
    int result;

    if (!real)
        real = (__typeof__(real))dlsym(RTLD_NEXT, "pthread_mutex_unlock");

    result = real(mutex);
    if (concerns() && ++count == atoi(getenv("STALL_NUMBER")))
        stall();
    return result;
}
