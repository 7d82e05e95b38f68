/*
 * json.h: JSON parser for profiles and other policies
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The parser is strict: repeated members, malformed numbers, comments, trailing
 * text, and characters that a C string cannot contain are errors. All errors
 * are VIR_LXC_CONFINEMENT_ERROR_INVALID, naming the document, the member and
 * the line. A member whose value is null counts as absent.
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/** Maximum nesting depth of lists and objects. */
#define VIR_LXC_JSON_DEPTH_MAX 32

/** Maximum number of members of an object. */
#define VIR_LXC_JSON_MEMBERS_MAX 64

/** Maximum length of a string, member name or number, in bytes. */
#define VIR_LXC_JSON_STRING_MAX 4096

/**
 * virLXCJSONType: type of a value.
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
 * @type: type of the value
 * @name: name of the member in an object; title of the document for the root;
 *     NULL in a list
 * @text: a string; a number as written in the document; "true", "false" or
 *     "null"; NULL for a list or object
 * @children: array of virLXCJSON: the values of a list or object, in order;
 *     NULL for other types
 * @parent: the list or object that contains the value; NULL for the root
 * @index: index of the value in the children of @parent, starting from 0
 * @line: line on which the value starts, counted from 1
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
 * @text: a document, which need not be NUL-terminated
 * @length: length of @text in bytes
 * @title: what errors call the document, such as "seccomp profile 'web'"
 * @error: set if @text is not valid JSON, naming line and column, or exceeds a
 *     limit
 *
 * Returns the root value, which the caller frees with virLXCJSONFree(), or
 * NULL.
 */
virLXCJSON *virLXCJSONParse(const char *text, size_t length, const char *title,
                            GError **error);

/**
 * virLXCJSONFree:
 * @value: a root value, or NULL
 */
void virLXCJSONFree(virLXCJSON *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCJSON, virLXCJSONFree)

/**
 * virLXCJSONPath:
 * @value: a value
 *
 * Returns its path in the document, such as syscalls[3].args[0].op, which is
 * empty for the root. The caller frees it.
 */
char *virLXCJSONPath(const virLXCJSON *value);

/**
 * virLXCJSONSetError:
 * @value: the invalid value
 * @error: where to store the error, or NULL
 * @format: printf format of a sentence
 *
 * Sets an error with the formatted sentence, preceded by title, path and line
 * of
 * @value.
 *
 * Returns -1.
 */
int virLXCJSONSetError(const virLXCJSON *value, GError **error,
                       const char *format, ...) G_GNUC_PRINTF(3, 4);

/**
 * virLXCJSONSetErrorAt:
 * @title: what the document is
 * @line: a line of the document
 * @error: where to store the error, or NULL
 * @format: printf format of a sentence
 *
 * Same as virLXCJSONSetError(), for text that has not been parsed into a value
 * yet.
 */
int virLXCJSONSetErrorAt(const char *title, int line, GError **error,
                         const char *format, ...) G_GNUC_PRINTF(4, 5);

/**
 * virLXCJSONCheckMembers:
 * @value: a value
 * @members: NULL-terminated names of the supported members
 * @error: set if @value is not an object or has any other member
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
 * Returns the value of the member, which may be of type null, or NULL if the
 * member does not exist. Owned by @object.
 */
const virLXCJSON *virLXCJSONFind(const virLXCJSON *object, const char *name);

/**
 * virLXCJSONGet:
 * @object: an object
 * @name: a member
 *
 * Returns the value of the member, or NULL if the member does not exist or its
 * value is null. Owned by @object.
 */
const virLXCJSON *virLXCJSONGet(const virLXCJSON *object, const char *name);

/**
 * virLXCJSONRequire:
 * @object: an object
 * @name: a member
 * @error: set if the member does not exist or its value is null
 *
 * Returns the value of the member, owned by @object, or NULL.
 */
const virLXCJSON *
virLXCJSONRequire(const virLXCJSON *object, const char *name, GError **error);

/**
 * virLXCJSONGetString:
 * @value: a value
 * @error: set if @value is not a string
 *
 * Returns the string, owned by @value, or NULL.
 */
const char *virLXCJSONGetString(const virLXCJSON *value, GError **error);

/**
 * virLXCJSONGetUnsigned:
 * @value: a value
 * @max: maximum value
 * @n: filled on success
 * @error: set if @value is not an integer from 0 to @max, or is written with a
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
 * @children: filled on success with the values of the list, owned by @object,
 *     or with NULL if the member does not exist or its value is null
 * @error: set if the value exists and is not a list
 *
 * Returns 0, or -1 on failure.
 */
int virLXCJSONGetList(const virLXCJSON *object, const char *name,
                      const GPtrArray **children, GError **error);

/**
 * virLXCJSONGetBoolean:
 * @value: a value
 * @truth: filled on success
 * @error: set if @value is not true or false
 *
 * Returns 0, or -1 on failure.
 */
int virLXCJSONGetBoolean(const virLXCJSON *value, bool *truth, GError **error);

/**
 * virLXCJSONGetObject:
 * @object: an object
 * @name: a member
 * @member: filled on success with the value of the member, owned by @object, or
 *     with NULL if the member does not exist or its value is null
 * @error: set if the value exists and is not an object
 *
 * Returns 0, or -1 on failure.
 */
int virLXCJSONGetObject(const virLXCJSON *object, const char *name,
                        const virLXCJSON **member, GError **error);
