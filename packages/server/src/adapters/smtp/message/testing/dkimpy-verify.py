"""Verifies DKIM signatures with dkimpy: JSON {records, messages (base64)} on stdin, one list of verdicts each on stdout."""
import base64
import json
import sys

import dkim

asked = json.load(sys.stdin)
records = {name.encode(): value.encode() for name, value in asked["records"].items()}


def text_record(name, timeout=5):
    return records.get(name.rstrip(b"."))


def verdicts(message):
    count = message.count(b"DKIM-Signature:")
    found = []
    for index in range(count):
        try:
            found.append(dkim.DKIM(message, minkey=2048).verify(idx=index, dnsfunc=text_record))
        except dkim.DKIMException:
            found.append(False)
    return found


json.dump([verdicts(base64.b64decode(message)) for message in asked["messages"]], sys.stdout)
