"""Prints flufl.bounce's recorded bounces as JSON: name, the mail (base64), and whom its own tests expect.

The expectations are read from the source of its tests, which need a test runner that Debian does not install with it.
"""
import ast
import base64
import json
import os
import sys

import flufl.bounce

home = os.path.dirname(flufl.bounce.__file__)


def expectations():
    with open(os.path.join(home, "testing", "helpers.py"), encoding="utf-8") as source:
        tree = ast.parse(source.read())
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and [target.id for target in statement.targets] == ["DATA"]:
            return ast.literal_eval(statement.value)
    sys.exit("the recorded bounces have no DATA")


# Each entry is (detector, file, addresses) with True behind it where the failure is a passing one. Several detectors may
# be asked about one file; what any of them is to find counts.
expected = {}
for _, name, addresses, *passing in expectations():
    kind = "temporary" if passing == [True] else "permanent"
    entry = expected.setdefault(name, {"temporary": [], "permanent": []})
    entry[kind] += [address.decode() for address in addresses]

data = os.path.join(home, "tests", "data")
bounces = []
for name in sorted(os.listdir(data)):
    if not name.endswith(".txt"):
        continue
    with open(os.path.join(data, name), "rb") as file:
        mail = base64.b64encode(file.read()).decode()
    bounces.append({"name": name[:-4], "mail": mail, **expected.get(name, {"temporary": [], "permanent": []})})
json.dump(bounces, sys.stdout)
