# SPDX-License-Identifier: LGPL-2.1-or-later
"""virt-manager, used by its accessibility interface as a person would.

Usage: desktop.py URI DOMAIN SCREENSHOTS WRONG RIGHT

Opens the editor of DOMAIN, puts the document WRONG in place of its XML, applies that,
prints the error that is shown, and then applies RIGHT. Prints JSON. Requires a display
and a session bus."""

import json
import subprocess
import sys
import time
from pathlib import Path

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402

TIMEOUT = 60


def children(node):
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield child


def below(node):
    """All that is shown"""
    for child in children(node):
        yield child
        yield from below(child)


def showing(node):
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


def find(role, name=None, top=None, timeout=TIMEOUT):
    """The first that is shown; a name of None stands for any."""
    end = time.monotonic() + timeout
    while True:
        try:
            for node in below(top or Atspi.get_desktop(0)):
                if (node.get_role_name() == role and showing(node) and
                        name in (None, node.get_name())):
                    return node
        except gi.repository.GLib.Error:
            pass  # It has gone while it was looked at.
        if time.monotonic() > end:
            raise TimeoutError(f'no {role} {name}')
        time.sleep(0.1)


def press(node):
    node.get_action_iface().do_action(0)


class Window:
    def __init__(self, uri, domain, screenshots):
        self.screenshots, self.count = screenshots, 0
        self.process = subprocess.Popen(
            ['virt-manager', '--no-fork', '--connect', uri, '--show-domain-editor', domain])

    def screenshot(self, name):
        self.count += 1
        time.sleep(0.5)
        subprocess.run(['import', '-window', 'root',
                        self.screenshots / f'{self.count}-{name}.png'], check=True)

    def editor(self):
        """The text of the tab "XML" """
        tab = find('page tab', 'XML')
        tab.get_parent().get_selection_iface().select_child(tab.get_index_in_parent())
        return find('text', 'XML editor')

    def apply(self, path):
        text = self.editor()
        text.get_editable_text_iface().set_text_contents(path.read_text())
        self.screenshot('edited')
        press(find('push button', 'config-apply'))

    def wait_until_applied(self):
        end = time.monotonic() + TIMEOUT
        button = find('push button', 'config-apply')
        while button.get_state_set().contains(Atspi.StateType.SENSITIVE):
            if time.monotonic() > end:
                raise TimeoutError('the change was not applied')
            time.sleep(0.1)

    def error(self):
        """What a dialog says"""
        dialog = find('alert')
        self.screenshot('error')
        texts = [node.get_name() for node in below(dialog) if node.get_role_name() == 'label']
        press(find('push button', 'Close', dialog))
        return texts

    def shown(self):
        text = self.editor()
        return Atspi.Text.get_text(text, 0, text.get_character_count())


def main(uri, domain, screenshots, wrong, right):
    window = Window(uri, domain, Path(screenshots))
    result = {}
    try:
        find('frame')
        result['shown'] = window.shown()
        window.screenshot('shown')
        window.apply(Path(wrong))
        result['error'] = window.error()
        window.apply(Path(right))
        window.wait_until_applied()
        window.screenshot('applied')
        result['applied'] = window.shown()
    except Exception as error:
        window.screenshot('failed')
        result['failed'] = str(error)
        result['tree'] = [f'{node.get_role_name()} {node.get_name()!r}'
                          for node in below(Atspi.get_desktop(0)) if showing(node)]
    finally:
        window.process.terminate()
        window.process.wait()
    print(json.dumps(result))


main(*sys.argv[1:])
