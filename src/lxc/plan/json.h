/*
 * json.h: the JSON of profiles
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A strict reader: repeated members, malformed numbers, comments, text after
 * the end and strings that C cannot represent are errors. All errors are
 * VIR_LXC_CONFINEMENT_ERROR_INVALID and name profile, member and line. A member
 * that is null is absent.
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/** No list or object of a profile is nested deeper. */
#define VIR_LXC_JSON_DEPTH_MAX 32

/** No object has more members. */
#define VIR_LXC_JSON_MEMBERS_MAX 64

/** No string, name of a member or number is longer, in bytes. */
#define VIR_LXC_JSON_STRING_MAX 4096

/**
 * virLXCJSONType: what a value is.
 */
typedef enum {
    VIR_LXC_JSON_NULL,
    VIR_LXC_JSON_BOOLEAN,
    VIR_LXC_JSON_NUMBER,
    VIR_LXC_JSON_STRING,
    VIR_LXC_JSON_LIST,
    VIR_LXC_JSON_OBJECT,
} virLXCJSONType;

/**
 * virLXCJSON: a value.
 *
 * @type: what it is
 * @name: name of the member of an object; the profile's, in the root; NULL in a
 *     list
 * @text: a string; a number as it was written; true, false or null; NULL in a
 *     list or object
 * @children: virLXCJSON of a list or object, in order; else NULL
 * @parent: the list or object that it is in; NULL in the root
 * @index: which of the children of @parent it is, from 0
 * @line: where it begins
 */
typedef struct _virLXCJSON virLXCJSON;
struct _virLXCJSON {
    virLXCJSONType type;
    char *name;
    char *text;
    GPtrArray *children;
    const virLXCJSON *parent;
    unsigned int index;
    int line;
};

/**
 * virLXCJSONParse:
 * @text: a document, which need not end with a NUL
 * @length: its length in bytes
 * @profile: what it is called in errors
 * @error: set if it is malformed, or exceeds a limit
 *
 * Returns the document's value, which the caller frees, or NULL.
 */
virLXCJSON *virLXCJSONParse(const char *text, size_t length,
                            const char *profile, GError **error);

/**
 * virLXCJSONFree:
 * @value: a root, or NULL
 */
void virLXCJSONFree(virLXCJSON *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCJSON, virLXCJSONFree)

/**
 * virLXCJSONSetError:
 * @value: what is wrong
 * @error: where to store the error, or NULL
 * @format: printf format of a sentence
 *
 * Sets an error of the sentence, preceded by the place of @value.
 *
 * Returns -1.
 */
int virLXCJSONSetError(const virLXCJSON *value, GError **error,
                       const char *format, ...) G_GNUC_PRINTF(3, 4);

/**
 * virLXCJSONSetErrorAt:
 * @profile: what the document is called
 * @line: a line of it
 * @error: where to store the error, or NULL
 * @format: printf format of a sentence
 *
 * As virLXCJSONSetError(), for text that has not been parsed into a value yet.
 */
int virLXCJSONSetErrorAt(const char *profile, int line, GError **error,
                         const char *format, ...) G_GNUC_PRINTF(4, 5);

/**
 * virLXCJSONCheckMembers:
 * @value: a value
 * @members: names, with a NULL at the end
 * @error: set if @value is not an object, or has another member
 *
 * Returns 0, or -1 on failure.
 */
int virLXCJSONCheckMembers(const virLXCJSON *value, const char *const *members,
                           GError **error);

/**
 * virLXCJSONFind:
 * @object: an object
 * @name: a member
 *
 * Returns its value, which may be null, or NULL when it was not written. Owned
 * by @object.
 */
const virLXCJSON *virLXCJSONFind(const virLXCJSON *object, const char *name);

/**
 * virLXCJSONGet:
 * @object: an object
 * @name: a member
 *
 * Returns its value, or NULL when it is absent. Owned by @object.
 */
const virLXCJSON *virLXCJSONGet(const virLXCJSON *object, const char *name);

/**
 * virLXCJSONRequire:
 * @object: an object
 * @name: a member
 * @error: set when it is absent
 *
 * Returns its value, owned by @object, or NULL.
 */
const virLXCJSON *
virLXCJSONRequire(const virLXCJSON *object, const char *name, GError **error);

/**
 * virLXCJSONGetString:
 * @value: a value
 * @error: set if it is not a string
 *
 * Returns the string, owned by @value, or NULL.
 */
const char *virLXCJSONGetString(const virLXCJSON *value, GError **error);

/**
 * virLXCJSONGetUnsigned:
 * @value: a value
 * @max: the highest that it may be
 * @n: filled on success
 * @error: set if it is not an integer from 0 to @max, or is written with a
 *     sign, fraction or exponent
 *
 * Returns 0, or -1 on failure.
 */
int virLXCJSONGetUnsigned(const virLXCJSON *value, guint64 max, guint64 *n,
                          GError **error);

/**
 * virLXCJSONGetList:
 * @object: an object
 * @name: a member
 * @children: filled on success with the values of the list, owned by @object;
 *     with NULL when the member is absent
 * @error: set if it is present but not a list
 *
 * Returns 0, or -1 on failure.
 */
int virLXCJSONGetList(const virLXCJSON *object, const char *name,
                      const GPtrArray **children, GError **error);
