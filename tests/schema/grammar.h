/*
 * grammar.h: the RelaxNG grammar that documents are validated against
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cases.h"

/**
 * grammarInit:
 * @argc: of main()
 * @argv: of main(): a grammar that includes one of docs/schemas
 *
 * Initializes the test program and loads the grammar for the functions below;
 * ends the program if it cannot be loaded.
 */
void grammarInit(int *argc, char ***argv);

/**
 * grammarRun:
 *
 * Runs the tests, and frees the grammar.
 *
 * Returns the program's exit status.
 */
int grammarRun(void);

/**
 * grammarAccepts:
 * @doc: a document; in libvirt's record of a running domain, which has no
 *     grammar of its own, only the domain is validated
 *
 * Returns whether the grammar accepts it.
 */
gboolean grammarAccepts(xmlDoc *doc);

/**
 * grammarAcceptsDoc:
 * @doc: a document of any kind
 *
 * Returns whether the grammar accepts it.
 */
gboolean grammarAcceptsDoc(xmlDoc *doc);

/**
 * grammarParserAccepts:
 * @doc: a document
 *
 * Returns whether the parser accepts it.
 */
gboolean grammarParserAccepts(xmlDoc *doc);

/**
 * grammarDoc:
 * @elements: confinement elements
 *
 * Returns a document that contains them. The caller frees it.
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

/**
 * grammarExpect:
 * @elements: confinement elements
 * @good: whether they are valid
 *
 * Fails the test unless both the parser and the grammar say so.
 */
void grammarExpect(const char *elements, gboolean good);

/**
 * grammarExpectValue:
 * @format: confinement elements with one "%s"
 * @value: what to put in its place
 * @good: whether the result is valid
 *
 * As grammarExpect().
 */
void grammarExpectValue(const char *format, const char *value, gboolean good);

/**
 * grammarTable: a table of names, and where they occur
 *
 * @names: returns the names, which the caller frees
 * @where: their place in the schema, as for grammarExpectNames()
 * @format: elements with "%s" for a name, or NULL
 */
typedef struct {
    GPtrArray *(*names)(void);
    const char *where;
    const char *format;
} grammarTable;

/**
 * grammarExpectTables:
 * @tables: tables
 * @ntables: how many
 *
 * Fails the test unless the schema has the names of each table.
 */
void grammarExpectTables(const grammarTable *tables, size_t ntables);

/**
 * grammarExpectOwnNames:
 * @tables: tables
 * @ntables: how many
 *
 * Puts each name of any table in the place of each: it is expected to be valid
 * where its own table has it, and nowhere else.
 */
void grammarExpectOwnNames(const grammarTable *tables, size_t ntables);

/**
 * grammarValues: an attribute with a fixed set of values
 *
 * @format: elements with "%s" for a value
 * @values: the valid ones, ended by NULL
 */
typedef struct {
    const char *format;
    const char *const values[4];
} grammarValues;

/**
 * grammarExpectOwnValues:
 * @rows: attributes
 * @nrows: how many
 *
 * Puts each value of any attribute, and an empty one, in each attribute.
 */
void grammarExpectOwnValues(const grammarValues *rows, size_t nrows);

/**
 * grammarExpectParts:
 * @format: an element with "%s" for its children
 * @parts: possible children
 * @nparts: how many
 * @required: a bit for each part: one of these has to be there; 0 if none has
 *
 * Tries every choice of parts, in order and the other way round.
 */
void grammarExpectParts(const char *format, const char *const *parts,
                        size_t nparts, guint required);
