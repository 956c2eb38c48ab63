"""Reads pairs of messages, as they came and as they left, with Python's own parser, and says what was lost or broken.

Pairs come as JSON lines {number, before, after, ours} on stdin, messages in base64; problems leave as JSON on stdout.
Nothing here is shared with the parsers under test: it is the second opinion.
"""
import base64
import codecs
import email
import hashlib
import json
import re
import sys

line_bytes_max = 998
shown = {"text/plain", "text/html", "text/x-amp-html"}
stray_equals = re.compile(r"=(?![0-9A-Fa-f]{2}|[ \t]*(?:\r?\n|$))")
placeholder = re.compile(r"verzet_stop|verzet_preferences|optout_url", re.I)


def leaves(raw):
    """The parts without parts, in order, with their bytes after the transfer encoding."""
    found = []
    for part in email.message_from_bytes(raw).walk():
        if not part.is_multipart():
            encoding = part.get("content-transfer-encoding")
            if encoding is not None:
                # Python takes a comment for a part of the word (RFC 2045 section 6.1 allows one).
                part.replace_header("content-transfer-encoding", re.sub(r"\(.*?\)", "", str(encoding)).strip())
            found.append((part, part.get_payload(decode=True) or b""))
    return found


def charset_of(part):
    try:
        return (part.get_content_charset() or "us-ascii").strip("'\" ")
    except (LookupError, UnicodeError, ValueError):
        return "unknown"


def kind_of(part):
    # Python leaves comments in (RFC 2045 section 5.1 allows them).
    return part.get_content_type().split("(")[0].strip()


def is_header_misread(raw):
    """Where Python ends a header early: at a name with white space before its colon, which RFC 5322 section 4.5 allows."""
    return re.search(rb"^From[ \t]+:", raw, re.M) or any(
        type(defect).__name__ == "MissingHeaderBodySeparatorDefect"
        for part in email.message_from_bytes(raw).walk()
        for defect in part.defects
    )


def is_encoding_broken(part):
    """Python gives the characters of broken base64 and not its bytes, and reads a stray "=" in a way of its own."""
    if any("Base64" in type(defect).__name__ for defect in part.defects):
        return True
    encoding = str(part.get("content-transfer-encoding", "")).lower()
    return encoding == "quoted-printable" and bool(stray_equals.search(str(part.get_payload())))


def is_valid(raw, parts):
    """Whether a careful sender could have written it: whole, decodable, and in lines that every server passes on."""
    # A first line of this kind is a mailbox file's and no field for Python; below another it would be a broken one.
    if raw.startswith(b"From ") or is_header_misread(raw) or any(part.defects for part in email.message_from_bytes(raw).walk()):
        return False
    if any(len(line) > line_bytes_max for line in raw.split(b"\r\n")):
        return False
    for part, content in parts:
        if part.defects:
            return False
        if part.get_content_maintype() != "text":
            continue
        encoding = str(part.get("content-transfer-encoding", "7bit")).strip().lower()
        if encoding == "7bit" and not content.isascii():
            return False
        try:
            # Decoding nothing never fails, so an unknown name is asked for.
            codecs.lookup(charset_of(part))
            content.decode(charset_of(part))
        except (LookupError, UnicodeError):
            return False
    return True


def text_of(part, content):
    """As the charset says; what says Latin-1 or ASCII and is neither is what all mail programs take it for."""
    charset = charset_of(part).lower()
    if charset in {"us-ascii", "iso-8859-1", "latin1", "windows-1252"}:
        if charset == "us-ascii":
            try:
                return content.decode("utf-8")
            except UnicodeError:
                pass
        return "".join(bytes([byte]).decode("cp1252", "replace") for byte in content)
    # RFC 1468: every line ends in ASCII. Where one does not, decoders differ in what follows.
    if charset == "iso-2022-jp" and re.search(rb"\x1b\$[@B][^\x1b]*\n", content):
        return None
    try:
        return content.decode(charset)
    except (LookupError, UnicodeError):
        return None


def squeezed(text):
    # Without what decoders disagree on, and a last line end, which Python drops, read as UTF-16.
    return re.sub(r"[\s\ufeff\ufffd\u0a0d\x00-\x20\x7f-\x9f]+", "", text)


def without_ours(text, ours):
    for piece in ours:
        text = text.replace(squeezed(piece), "")
    return text


def compare(before, after, ours):
    if is_header_misread(before):
        return
    old, new = leaves(before), leaves(after)
    if len(old) != len(new):
        yield f"has {len(new)} parts instead of {len(old)}"
        return
    for index, ((old_part, old_bytes), (new_part, new_bytes)) in enumerate(zip(old, new)):
        kind = kind_of(old_part)
        if kind_of(new_part) != kind:
            yield f"part {index} is {kind_of(new_part)} instead of {kind}"
        if is_encoding_broken(old_part):
            continue
        if hashlib.sha256(old_bytes).digest() == hashlib.sha256(new_bytes).digest():
            continue
        if kind not in shown:
            yield f"part {index}, {kind}, has other bytes"
            continue
        if charset_of(old_part) == charset_of(new_part):
            old_text, new_text = old_bytes.decode("latin-1"), new_bytes.decode("latin-1")
            pieces = [piece.encode("utf-8").decode("latin-1") for piece in ours] + ours
            own = text_of(new_part, new_bytes)
            # Ours is not written in ASCII there, so the bytes of what Python cannot decode tell nothing.
            if own is None and "utf-7" in charset_of(new_part).lower():
                continue
            if own is not None and text_of(old_part, old_bytes) is not None:
                old_text, new_text, pieces = text_of(old_part, old_bytes), own, ours
        else:
            old_text, new_text, pieces = text_of(old_part, old_bytes), text_of(new_part, new_bytes), ours
        if old_text is None or new_text is None or placeholder.search(old_text):
            continue
        if without_ours(squeezed(new_text), pieces) != squeezed(old_text):
            yield f"part {index}, {kind}, says something else than it said and ours"
    if is_valid(before, old) and not is_valid(after, new):
        yield "was valid MIME and is not any more"


problems = []
valid = 0
for line in sys.stdin:
    pair = json.loads(line)
    raw = [base64.b64decode(pair[name]) for name in ("before", "after")]
    try:
        valid += is_valid(raw[0], leaves(raw[0]))
        problems += [{"number": pair["number"], "problem": problem} for problem in compare(*raw, pair["ours"])]
    except (RecursionError, LookupError, ValueError, AttributeError, TypeError, AssertionError) as error:
        # Its own limits are no finding about ours.
        print(f"{pair['number']}: {type(error).__name__} {error}", file=sys.stderr)
json.dump({"problems": problems, "valid": valid}, sys.stdout)
