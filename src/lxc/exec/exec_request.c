/*
 * exec_request.c: requests to run a program in a container, and replies
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a request or reply. Out: its length in 4 bytes and a serialized GVariant
 * dictionary, and the other way round. Both ends are on the same host, so the
 * byte order is that of the host.
 */

#include "exec_request.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "descriptor.h"
#include "error.h"
#include "exec_channel.h"
#include "i18n.h"

#define LXC_EXEC_FLAGS                                                    \
    (VIR_LXC_EXEC_TTY | VIR_LXC_EXEC_DETACHED | VIR_LXC_EXEC_UNCONFINED | \
     VIR_LXC_EXEC_NO_LABEL)

/* Keys of a dictionary. A field is a char **, char * or guint32, according to
 * its type. */
typedef struct {
    const char *key;
    const char *type;
    size_t offset;
} lxcExecField;

/* clang-format off */
#define LXC_EXEC_FIELD(struct, name, type) \
    {#name, type, G_STRUCT_OFFSET(struct, name)}
/* clang-format on */

static const lxcExecField lxcExecRequestFields[] = {
    LXC_EXEC_FIELD(virLXCExecRequest, uuid, "ay"),
    LXC_EXEC_FIELD(virLXCExecRequest, argv, "aay"),
    LXC_EXEC_FIELD(virLXCExecRequest, arg0, "ay"),
    LXC_EXEC_FIELD(virLXCExecRequest, env, "aay"),
    LXC_EXEC_FIELD(virLXCExecRequest, user, "ay"),
    LXC_EXEC_FIELD(virLXCExecRequest, group, "ay"),
    LXC_EXEC_FIELD(virLXCExecRequest, groups, "aay"),
    LXC_EXEC_FIELD(virLXCExecRequest, cwd, "ay"),
    LXC_EXEC_FIELD(virLXCExecRequest, rows, "u"),
    LXC_EXEC_FIELD(virLXCExecRequest, columns, "u"),
    LXC_EXEC_FIELD(virLXCExecRequest, flags, "u"),
    LXC_EXEC_FIELD(virLXCExecRequest, timeout, "u"),
    LXC_EXEC_FIELD(virLXCExecRequest, max, "u"),
};

static const lxcExecField lxcExecReplyFields[] = {
    LXC_EXEC_FIELD(virLXCExecReply, kind, "u"),
    LXC_EXEC_FIELD(virLXCExecReply, number, "u"),
    LXC_EXEC_FIELD(virLXCExecReply, message, "ay"),
};

/* Arguments are bytes: they need not be valid UTF-8. */
static GVariant *
lxcExecFieldToVariant(const lxcExecField *field, const void *structure)
{
    const void *member = G_STRUCT_MEMBER_P(structure, field->offset);

    if (g_str_equal(field->type, "u"))
        return g_variant_new_uint32(*(const guint32 *)member);
    if (!*(const void *const *)member)
        return NULL;
    if (g_str_equal(field->type, "ay"))
        return g_variant_new_bytestring(*(const char *const *)member);
    return g_variant_new_bytestring_array(*(const char *const *const *)member,
                                          -1);
}

static void
lxcExecFieldFromVariant(const lxcExecField *field, GVariant *value,
                        void *structure)
{
    void *member = G_STRUCT_MEMBER_P(structure, field->offset);

    if (g_str_equal(field->type, "u"))
        *(guint32 *)member = g_variant_get_uint32(value);
    else if (g_str_equal(field->type, "ay"))
        *(char **)member = g_variant_dup_bytestring(value, NULL);
    else
        *(char ***)member = g_variant_dup_bytestring_array(value, NULL);
}

static int
lxcExecSendFields(int fd, const lxcExecField *fields, size_t n,
                  const void *structure, int passed, GError **error)
{
    g_auto(GVariantBuilder) builder =
        G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE_VARDICT);
    g_autoptr(GVariant) dictionary = NULL;
    g_autoptr(GByteArray) data = g_byte_array_new();
    guint32 size;
    size_t i;

    for (i = 0; i < n; i++) {
        GVariant *value = lxcExecFieldToVariant(&fields[i], structure);

        if (value)
            g_variant_builder_add(&builder, "{sv}", fields[i].key, value);
    }

    dictionary = g_variant_ref_sink(g_variant_builder_end(&builder));
    if (g_variant_get_size(dictionary) > VIR_LXC_EXEC_SIZE_MAX)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("the arguments and the environment of the "
                                "program are longer than %1$d bytes"),
                              VIR_LXC_EXEC_SIZE_MAX);

    /* At once, so that a reader does not wait for the rest. */
    size = g_variant_get_size(dictionary);
    g_byte_array_append(data, (const guint8 *)&size, sizeof(size));
    g_byte_array_append(data, g_variant_get_data(dictionary), size);
    if (virLXCExecSend(fd, data->data, data->len, passed) < 0)
        return virLXCSetSystemError(
            error, errno,
            _("cannot send data to the other end of the exec "
              "socket"));
    return 0;
}

static GVariant *
lxcExecReceiveDictionary(int fd, int *passed, GError **error)
{
    VIR_LXC_AUTOCLOSE received = -1;
    g_autofree guint8 *data = NULL;
    g_autoptr(GBytes) bytes = NULL;
    guint32 size = 0;

    if (virLXCExecReceive(fd, &size, sizeof(size), passed ? &received : NULL) <
            0 ||
        (size > 0 && size <= VIR_LXC_EXEC_SIZE_MAX &&
         virLXCExecReceive(fd, (data = g_malloc(size)), size, NULL) < 0)) {
        virLXCSetSystemError(error, errno,
                             _("cannot receive data from the exec socket"));
        return NULL;
    }

    if (!data) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("received a message of %1$u bytes from the exec "
                         "socket"),
                       size);
        return NULL;
    }

    bytes = g_bytes_new_take(g_steal_pointer(&data), size);
    if (passed)
        *passed = virLXCDescriptorSteal(&received);
    return g_variant_ref_sink(
        g_variant_new_from_bytes(G_VARIANT_TYPE_VARDICT, bytes, FALSE));
}

static const lxcExecField *
lxcExecFieldFind(const lxcExecField *fields, size_t n, const char *key,
                 GVariant *value)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (g_str_equal(fields[i].key, key))
            return g_variant_is_of_type(value, G_VARIANT_TYPE(fields[i].type))
                       ? &fields[i]
                       : NULL;
    }
    return NULL;
}

static int
lxcExecFieldsFromDictionary(const lxcExecField *fields, size_t n,
                            GVariant *dictionary, bool strict, void *structure,
                            GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GVariantIter iter;
    const char *key;
    GVariant *next;

    g_variant_iter_init(&iter, dictionary);
    while (g_variant_iter_next(&iter, "{&sv}", &key, &next)) {
        g_autoptr(GVariant) value = next;
        const lxcExecField *field = lxcExecFieldFind(fields, n, key, value);

        if (field && g_hash_table_add(seen, (void *)field))
            lxcExecFieldFromVariant(field, value, structure);
        else if (strict)
            return virLXCSetError(
                error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                _("the container was started by another version of libvirt, "
                  "which does not support '%1$s'"),
                key);
    }
    return 0;
}

int
virLXCExecRequestSend(int fd, const virLXCExecRequest *request, int stream,
                      GError **error)
{
    return lxcExecSendFields(fd, lxcExecRequestFields,
                             G_N_ELEMENTS(lxcExecRequestFields), request,
                             stream, error);
}

virLXCExecRequest *
virLXCExecRequestReceive(int fd, int *stream, GError **error)
{
    g_autoptr(virLXCExecRequest) request = g_new0(virLXCExecRequest, 1);
    VIR_LXC_AUTOCLOSE received = -1;
    g_autoptr(GVariant) dictionary =
        lxcExecReceiveDictionary(fd, &received, error);

    if (!dictionary ||
        lxcExecFieldsFromDictionary(lxcExecRequestFields,
                                    G_N_ELEMENTS(lxcExecRequestFields),
                                    dictionary, true, request, error) < 0)
        return NULL;

    if (!request->argv || !request->argv[0] || !request->argv[0][0] ||
        (request->flags & ~LXC_EXEC_FLAGS) ||
        (received < 0 && !(request->flags & VIR_LXC_EXEC_DETACHED))) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("the request does not specify a program"));
        return NULL;
    }

    *stream = virLXCDescriptorSteal(&received);
    return g_steal_pointer(&request);
}

void
virLXCExecRequestFree(virLXCExecRequest *request)
{
    if (!request)
        return;

    g_free(request->uuid);
    g_strfreev(request->argv);
    g_free(request->arg0);
    g_strfreev(request->groups);
    g_strfreev(request->env);
    g_free(request->user);
    g_free(request->group);
    g_free(request->cwd);
    g_free(request);
}

int
virLXCExecReplySend(int fd, const virLXCExecReply *reply, GError **error)
{
    return lxcExecSendFields(fd, lxcExecReplyFields,
                             G_N_ELEMENTS(lxcExecReplyFields), reply, -1,
                             error);
}

virLXCExecReply *
virLXCExecReplyReceive(int fd, GError **error)
{
    g_autoptr(virLXCExecReply) reply = g_new0(virLXCExecReply, 1);
    g_autoptr(GVariant) dictionary = lxcExecReceiveDictionary(fd, NULL, error);

    if (!dictionary || lxcExecFieldsFromDictionary(
                           lxcExecReplyFields, G_N_ELEMENTS(lxcExecReplyFields),
                           dictionary, false, reply, error) < 0)
        return NULL;

    return g_steal_pointer(&reply);
}

void
virLXCExecReplyFree(virLXCExecReply *reply)
{
    if (!reply)
        return;

    g_free(reply->message);
    g_free(reply);
}
