/*
 * grammar.h: the RelaxNG grammar that documents are validated against
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cases.h"

/**
 * grammarLoad:
 * @path: a grammar of <domain> that includes lxcconfinement.rng
 *
 * Loads the grammar for the functions below; ends the program when it is none.
 */
void grammarLoad(const char *path);

/**
 * grammarFree:
 *
 * Frees what grammarLoad() has loaded.
 */
void grammarFree(void);

/**
 * grammarAccepts:
 * @doc: a document; of libvirt's record of a running domain, for which there is
 *     no grammar, only the domain is looked at
 *
 * Returns whether the grammar accepts it.
 */
gboolean grammarAccepts(xmlDoc *doc);

/**
 * grammarParserAccepts:
 * @doc: a document
 *
 * Returns whether the parser does.
 */
gboolean grammarParserAccepts(xmlDoc *doc);

/**
 * grammarDoc:
 * @elements: confinement elements
 *
 * Returns a document that has them, which the caller frees.
 */
xmlDoc *grammarDoc(const char *elements);

/**
 * grammarExpectNames:
 * @where: nodes of docs/schemas/lxcconfinement.rng: an XPath below its root,
 *     without namespaces
 * @names: strings
 *
 * Fails the test unless the text of these nodes is the same set as @names.
 */
void grammarExpectNames(const char *where, GPtrArray *names);
