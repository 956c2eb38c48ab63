"""Reads {"encode": [[codec, text]], "mails": [[codec, base64]]} and writes the bytes, and the texts of the mails' bodies."""
import base64
import email
import json
import sys

asked = json.load(sys.stdin)


def read(codec, raw):
    message = email.message_from_bytes(base64.b64decode(raw))
    body = message.get_payload(decode=True)
    declared = message.get_content_charset()
    text = body.decode("utf-8" if declared == "utf-8" else codec, "strict")
    return {"charset": declared, "bytes": base64.b64encode(body).decode(), "text": text}


json.dump(
    {
        "encoded": [base64.b64encode(text.encode(codec)).decode() for codec, text in asked["encode"]],
        "mails": [read(codec, raw) for codec, raw in asked["mails"]],
    },
    sys.stdout,
)
