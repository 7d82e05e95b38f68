# SPDX-License-Identifier: LGPL-2.1-or-later
"""Validation against libvirt's RelaxNG schemas, as virt-xml-validate does it."""

import ctypes
import ctypes.util

POINTER = ctypes.c_void_p


class Grammar:
    def __init__(self, path):
        self.xml = ctypes.CDLL(ctypes.util.find_library('xml2') or 'libxml2.so.2')
        for name in ('xmlRelaxNGNewParserCtxt', 'xmlRelaxNGParse', 'xmlReadMemory',
                     'xmlRelaxNGNewValidCtxt'):
            getattr(self.xml, name).restype = POINTER
        # Faults are not printed.
        self.silent = ctypes.CFUNCTYPE(None, POINTER, POINTER)(lambda *_: None)
        parser = self.xml.xmlRelaxNGNewParserCtxt(str(path).encode())
        self.schema = self.xml.xmlRelaxNGParse(POINTER(parser))
        assert self.schema, f'{path} is not a grammar'

    def accepts(self, text):
        data = text.encode()
        doc = self.xml.xmlReadMemory(data, len(data), None, None, 0)
        assert doc, 'not well-formed'
        context = self.xml.xmlRelaxNGNewValidCtxt(POINTER(self.schema))
        self.xml.xmlRelaxNGSetValidErrors(POINTER(context), self.silent, self.silent,
                                          None)
        valid = self.xml.xmlRelaxNGValidateDoc(POINTER(context), POINTER(doc)) == 0
        self.xml.xmlRelaxNGFreeValidCtxt(POINTER(context))
        self.xml.xmlFreeDoc(POINTER(doc))
        return valid
