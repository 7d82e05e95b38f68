/*
 * cases.h: test data, one directory for each behaviour
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libxml/tree.h>

#include "confinement_conf.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)

/**
 * testCasesAdd:
 * @suite: what names of tests begin with, such as "/conf"
 * @kind: directory below tests/data that holds one directory for each case,
 *     at any depth
 * @func: called with the case's directory
 *
 * Adds one test for each case, named after its path below @kind. Ends the
 * program when there is none, since a test of nothing must not pass.
 */
void testCasesAdd(const char *suite, const char *kind, GTestDataFunc func);

/**
 * testCaseExists:
 * @dir: the case's directory
 * @name: a file
 *
 * Returns whether the case has that file.
 */
gboolean testCaseExists(const char *dir, const char *name);

/**
 * testCaseRead:
 * @dir: the case's directory
 * @name: a file that is there
 *
 * Returns its text, which the caller frees.
 */
char *testCaseRead(const char *dir, const char *name);

/**
 * testCaseCompare:
 * @dir: the case's directory
 * @name: the file that holds what is expected, without a final newline or with
 *     one
 * @actual: what came out
 *
 * Fails the test when they differ. With CONFINEMENT_REGENERATE=1 in the
 * environment the file is rewritten and the test fails all the same, so that
 * someone reads the difference.
 */
void testCaseCompare(const char *dir, const char *name, const char *actual);

/**
 * testDocFromString:
 * @text: a document
 *
 * Returns the document as libvirt would parse it; NULL when it is not
 * well-formed. The caller frees it.
 */
xmlDoc *testDocFromString(const char *text);

/**
 * testDocDomain:
 * @doc: a document whose root is <domain>, or <domstatus> with a <domain>
 *
 * Returns the domain, or NULL.
 */
xmlNode *testDocDomain(xmlDoc *doc);

/**
 * testDocFeatures:
 * @doc: a document whose root is <domain>, or <domstatus> with a <domain>
 *
 * Returns the first <features> of the domain, or NULL.
 */
xmlNode *testDocFeatures(xmlDoc *doc);

/**
 * testDocWrap:
 * @elements: confinement elements
 * @live: whether it is to be libvirt's record of a running domain
 *
 * Returns a document that has them, which the caller frees.
 */
char *testDocWrap(const char *elements, gboolean live);

/**
 * testDefFromString:
 * @text: a valid document
 *
 * Returns its definition, which the caller frees.
 */
virLXCConfinementDef *testDefFromString(const char *text);

/**
 * testDefFromCase:
 * @dir: a case with a valid in.xml
 *
 * Returns its definition, which the caller frees.
 */
virLXCConfinementDef *testDefFromCase(const char *dir);

/**
 * testDefFromElements:
 * @elements: confinement elements that the parser accepts
 *
 * Returns their definition, which the caller frees.
 */
virLXCConfinementDef *testDefFromElements(const char *elements);

/**
 * testSkip:
 * @why: what is missing
 *
 * The only way to skip a test. With CONFINEMENT_NO_SKIP=1 in the environment
 * the test fails instead. The caller returns.
 */
void testSkip(const char *why);
