/*
 * policy_json.h: write JSON
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCPolicyJSON: a document that is being written. In objects, each value
 * has a key; in arrays, the key is NULL.
 */
typedef struct _virLXCPolicyJSON virLXCPolicyJSON;

/**
 * virLXCPolicyJSONNew:
 *
 * Begins a document, which is an object.
 *
 * Returns it. The caller frees it with virLXCPolicyJSONFree().
 */
virLXCPolicyJSON *virLXCPolicyJSONNew(void);

/**
 * virLXCPolicyJSONBeginObject:
 * @json: a document
 * @key: the key, or NULL in an array
 *
 * Begins an object, to which the following values belong until
 * virLXCPolicyJSONEnd().
 */
void virLXCPolicyJSONBeginObject(virLXCPolicyJSON *json, const char *key);

/**
 * virLXCPolicyJSONBeginArray:
 * @json: a document
 * @key: the key, or NULL in an array
 *
 * Begins an array, likewise.
 */
void virLXCPolicyJSONBeginArray(virLXCPolicyJSON *json, const char *key);

/**
 * virLXCPolicyJSONEnd:
 * @json: a document
 *
 * Ends the object or array that has been begun last.
 */
void virLXCPolicyJSONEnd(virLXCPolicyJSON *json);

/**
 * virLXCPolicyJSONString:
 * @json: a document
 * @key: the key, or NULL in an array
 * @value: the string, or NULL for null. Bytes that are not UTF-8 are replaced.
 */
void virLXCPolicyJSONString(virLXCPolicyJSON *json, const char *key,
                            const char *value);

/**
 * virLXCPolicyJSONStrings:
 * @json: a document
 * @key: the key, or NULL in an array
 * @values: a NULL-terminated list of strings, or NULL for an empty one
 *
 * Adds an array of strings.
 */
void virLXCPolicyJSONStrings(virLXCPolicyJSON *json, const char *key,
                             const char *const *values);

/**
 * virLXCPolicyJSONNumber:
 * @json: a document
 * @key: the key, or NULL in an array
 * @value: the number
 */
void
virLXCPolicyJSONNumber(virLXCPolicyJSON *json, const char *key, gint64 value);

/**
 * virLXCPolicyJSONBool:
 * @json: a document
 * @key: the key, or NULL in an array
 * @value: true or false
 */
void virLXCPolicyJSONBool(virLXCPolicyJSON *json, const char *key, bool value);

/**
 * virLXCPolicyJSONFinish:
 * @json: a document in which all other objects and arrays have been ended
 * @out: the document is appended here, and a newline
 */
void virLXCPolicyJSONFinish(virLXCPolicyJSON *json, GString *out);

/**
 * virLXCPolicyJSONFree:
 * @json: a document, or NULL
 */
void virLXCPolicyJSONFree(virLXCPolicyJSON *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCPolicyJSON, virLXCPolicyJSONFree)
