"""Asks the sidecar at the address given every question on standard input, one a line as JSON, and prints each decision."""

import json
import sys

from verzet_gate import Gate

with Gate(sys.argv[1]) as gate:
    for line in sys.stdin:
        question = json.loads(line)
        ask = gate.claim if question.get("claim") else gate.decide
        point = question["contactPoint"]
        about = {name: question[name] for name in ("brand", "channel", "topic", "campaign") if name in question}
        found = ask(point["type"], point["value"], **about)
        print(json.dumps({name: value for name, value in vars(found).items() if value is not None}))
