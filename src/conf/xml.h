/*
 * xml.h: strict reading of libxml2 elements
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the parsers of this directory only. Anything unexpected is an error: each
 * parser first states what its element may contain, then reads it. Errors are
 * of code VIR_LXC_CONFINEMENT_ERROR_XML.
 */

#pragma once

#include <libxml/tree.h>
#include <stdbool.h>

#include "error.h"

/**
 * virLXCXMLSetError:
 * @node: the element that is malformed
 * @error: where to store the error, or NULL
 * @format: printf format of a sentence; the line of @node is appended
 *
 * Returns -1.
 */
int virLXCXMLSetError(const xmlNode *node, GError **error, const char *format,
                      ...) G_GNUC_PRINTF(3, 4);

/**
 * virLXCXMLSetContradiction:
 * @node: the element that contradicts itself or another one
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_INVALID, unlike by the other
 *     functions
 * @format: as for virLXCXMLSetError()
 *
 * Returns -1.
 */
int virLXCXMLSetContradiction(const xmlNode *node, GError **error,
                              const char *format, ...) G_GNUC_PRINTF(3, 4);

/**
 * virLXCXMLSetValueError:
 * @node: an element
 * @name: the name of an attribute that has an invalid value
 * @error: where to store the error, or NULL
 * @format: printf format of what was expected instead, such as "a number"
 *
 * Returns -1.
 */
int
virLXCXMLSetValueError(const xmlNode *node, const char *name, GError **error,
                       const char *format, ...) G_GNUC_PRINTF(4, 5);

/**
 * virLXCXMLSetRepeated:
 * @node: an element that its parent may have only once, but has twice
 * @error: where to store the error, or NULL
 *
 * Returns -1.
 */
int virLXCXMLSetRepeated(const xmlNode *node, GError **error);

/**
 * virLXCXMLSetUnexpected:
 * @node: an element that its parent must not have
 * @error: where to store the error, or NULL
 *
 * Returns -1.
 */
int virLXCXMLSetUnexpected(const xmlNode *node, GError **error);

/**
 * virLXCXMLNodeIs:
 * @node: a node
 * @name: an element's name
 *
 * Returns whether @node is an element of that name, in any namespace.
 */
bool virLXCXMLNodeIs(const xmlNode *node, const char *name);

/**
 * virLXCXMLCheckNamespace:
 * @node: an element
 * @error: set when @node is in a namespace; domain XML is in none
 *
 * Returns 0 or -1.
 */
int virLXCXMLCheckNamespace(const xmlNode *node, GError **error);

/**
 * virLXCXMLCheckAttributes:
 * @node: an element
 * @allowed: NULL-terminated names of the attributes that it may have
 * @error: set when it has another one, or one in a namespace, or when the
 *     document type declares any, which could have defaults
 *
 * Returns 0 or -1.
 */
int virLXCXMLCheckAttributes(const xmlNode *node, const char *const *allowed,
                             GError **error);

/**
 * virLXCXMLCheckNoEntities:
 * @node: an element
 * @error: set if a child of @node is an entity reference, which could hide
 *     elements
 *
 * Returns 0 or -1.
 */
int virLXCXMLCheckNoEntities(const xmlNode *node, GError **error);

/**
 * virLXCXMLCheckNoText:
 * @node: an element
 * @error: set when @node holds more than elements, white space, comments and
 *     processing instructions, or an element in a namespace
 *
 * Returns 0 or -1.
 */
int virLXCXMLCheckNoText(const xmlNode *node, GError **error);

/**
 * virLXCXMLCheckEmpty:
 * @node: an element
 * @error: set when @node holds more than white space, comments and processing
 *     instructions
 *
 * Returns 0 or -1.
 */
int virLXCXMLCheckEmpty(const xmlNode *node, GError **error);

/**
 * virLXCXMLElement: a kind of child that an element may have. A table of them
 * ends with a row without a name.
 *
 * @name: its name
 * @parse: reads one into the definition that virLXCXMLParseChildren() is given,
 *     and returns 0 or -1 with an error set; NULL for one that is ignored
 */
typedef struct {
    const char *name;
    int (*parse)(void *def, const xmlNode *node, GError **error);
} virLXCXMLElement;

/**
 * virLXCXMLParseChildren:
 * @node: an element
 * @elements: the children that it may have
 * @def: a definition that they are read into, in their order
 * @error: set if it has any other child, and by the functions that parse one
 *
 * Returns 0 or -1.
 */
int
virLXCXMLParseChildren(const xmlNode *node, const virLXCXMLElement *elements,
                       void *def, GError **error);

/**
 * virLXCXMLGetAttribute:
 * @node: an element
 * @name: the name of an attribute
 *
 * Returns the attribute's value, which the caller frees, or NULL when @node
 * does not have the attribute.
 */
char *virLXCXMLGetAttribute(const xmlNode *node, const char *name);

/**
 * virLXCXMLRequireAttribute:
 * @node: an element
 * @name: the name of an attribute
 * @error: set when @node does not have it
 *
 * Returns the attribute's value, which the caller frees, or NULL on error.
 */
char *virLXCXMLRequireAttribute(const xmlNode *node, const char *name,
                                GError **error);

/**
 * virLXCXMLGetWords:
 * @node: an element
 * @name: the name of an attribute that is a list, separated by white space
 *
 * Returns the words, which the caller frees with g_strfreev(), or NULL when
 * @node does not have the attribute.
 */
char **virLXCXMLGetWords(const xmlNode *node, const char *name);

/**
 * virLXCXMLSwitchName:
 * @value: the value of an attribute that is 'on' or 'off'
 *
 * Returns that value as text. Static, never to be freed.
 */
const char *virLXCXMLSwitchName(bool value);

/**
 * virLXCXMLGetSwitch:
 * @node: an element
 * @name: the name of an attribute that is 'on' or 'off'
 * @value: filled when the attribute is there, untouched otherwise
 * @error: set when it has another value
 *
 * Returns 0 or -1.
 */
int virLXCXMLGetSwitch(const xmlNode *node, const char *name, bool *value,
                       GError **error);

/**
 * virLXCXMLGetEnum:
 * @node: an element
 * @name: the name of an attribute
 * @values: NULL-terminated values that it may have
 * @value: filled with the index in @values when the attribute is there,
 *     untouched otherwise
 * @error: set when it has another value
 *
 * Returns 0 or -1.
 */
int virLXCXMLGetEnum(const xmlNode *node, const char *name,
                     const char *const *values, unsigned int *value,
                     GError **error);

/**
 * virLXCXMLRequireEnum:
 * @node: an element
 * @name: the name of an attribute
 * @values: NULL-terminated values that it may have
 * @value: filled with the index in @values on success
 * @error: set when @node does not have the attribute, or it has another value
 *
 * Returns 0 or -1.
 */
int virLXCXMLRequireEnum(const xmlNode *node, const char *name,
                         const char *const *values, unsigned int *value,
                         GError **error);

/**
 * virLXCXMLRequireNumber:
 * @node: an element
 * @name: the name of an attribute that is a decimal number
 * @max: the highest number
 * @number: filled on success, untouched on failure
 * @error: set when @node does not have the attribute, or when it is not a
 *     number from 0 to @max
 *
 * Returns 0 or -1.
 */
int
virLXCXMLRequireNumber(const xmlNode *node, const char *name, unsigned int max,
                       unsigned int *number, GError **error);

/**
 * virLXCXMLFormatValue:
 * @out: text is appended here
 * @value: the value of an attribute
 *
 * Appends @value, escaped for an attribute in single quotes.
 */
void virLXCXMLFormatValue(GString *out, const char *value);
