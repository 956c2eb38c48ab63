"""May I send this to this person now? Asks the Verzet sidecar of this host; standard library only, Python 3.9 or later.

    from verzet_gate import Gate

    gate = Gate("unix:/run/verzet/gate.sock")
    if gate.decide("email", "jan@voorbeeld.be", brand="shop", channel="email", topic="news").allowed:
        send()

Whatever goes wrong is a denial: no answer in time, no sidecar, an answer that cannot be read. Nothing here raises an
exception for it, so that no handler far above can take "I do not know" for "yes".
"""

import json
import select
import socket
import threading
from dataclasses import dataclass
from typing import Optional

__all__ = ["Decision", "Gate"]

# A decision is some hundred bytes, a problem with twenty fields a few thousand.
ANSWER_BYTES_MAX = 64 * 1024


@dataclass(frozen=True)
class Decision:
    """The hub's own decision; `reason` is "unreachable" or "refused" where there was none."""

    decision: str
    reason: str
    until: Optional[str] = None
    choice_id: Optional[str] = None
    rule_pack: Optional[str] = None
    position: Optional[str] = None
    # What was wrong with the question, for a log: the code of the problem. It holds no contact point.
    problem: Optional[str] = None

    @property
    def allowed(self) -> bool:
        return self.decision == "allow"


class Gate:
    """One connection, opened when it is needed and kept; threads take turns.

    `address` is "unix:/path/of/the.sock" or "127.0.0.1:8421". Both timeouts are for one question; a claim may have to
    ask the hub, which may take longer.
    """

    def __init__(self, address: str, timeout_seconds: float = 1.0, claim_timeout_seconds: float = 12.0):
        self._address = address
        self._timeout_seconds = timeout_seconds
        self._claim_timeout_seconds = claim_timeout_seconds
        self._connection: Optional[socket.socket] = None
        self._lock = threading.Lock()

    def decide(
        self,
        type: str,
        value: str,
        *,
        channel: str,
        topic: str,
        brand: Optional[str] = None,
        campaign: Optional[str] = None,
    ) -> Decision:
        """Send on `.allowed` and on nothing else. With `campaign` a campaign that is held is denied."""
        return self._ask(_question(type, value, channel, topic, brand, campaign), self._timeout_seconds)

    def claim(
        self,
        type: str,
        value: str,
        *,
        channel: str,
        topic: str,
        brand: Optional[str] = None,
        campaign: Optional[str] = None,
    ) -> Decision:
        """As `decide`, for a message that is about to be sent: counts it for who asked for at most so many."""
        question = _question(type, value, channel, topic, brand, campaign)
        return self._ask({**question, "claim": True}, self._claim_timeout_seconds)

    def close(self) -> None:
        with self._lock:
            self._drop()

    def __enter__(self) -> "Gate":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, question: dict, timeout_seconds: float) -> Decision:
        line = json.dumps(question, ensure_ascii=True).encode("ascii") + b"\n"
        with self._lock:
            try:
                answer = json.loads(self._exchange(line, timeout_seconds))
            except (OSError, ValueError):
                # A late answer must not be taken for that to the next question.
                self._drop()
                return Decision("deny", "unreachable")
        return _read(answer)

    def _exchange(self, line: bytes, timeout_seconds: float) -> bytes:
        connection = self._open(timeout_seconds)
        connection.settimeout(timeout_seconds)
        connection.sendall(line)
        answer = bytearray()
        while not answer.endswith(b"\n"):
            piece = connection.recv(8192)
            if not piece:
                raise ConnectionError("the sidecar ended the connection")
            answer += piece
            if len(answer) > ANSWER_BYTES_MAX:
                raise ValueError("the answer has no end")
        return bytes(answer)

    def _open(self, timeout_seconds: float) -> socket.socket:
        # What can be read before anything was asked is the end of it: the sidecar was started anew.
        if self._connection is not None and select.select([self._connection], [], [], 0)[0]:
            self._drop()
        if self._connection is None:
            self._connection = _connect(self._address, timeout_seconds)
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _connect(address: str, timeout_seconds: float) -> socket.socket:
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout_seconds)
            connection.connect(address[len("unix:") :])
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    connection = socket.create_connection((host.strip("[]"), int(port)), timeout_seconds)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _question(
    type: str, value: str, channel: str, topic: str, brand: Optional[str], campaign: Optional[str]
) -> dict:
    question = {"contactPoint": {"type": type, "value": value}, "channel": channel, "topic": topic}
    named = {"brand": brand, "campaign": campaign}
    return {**question, **{name: given for name, given in named.items() if given is not None}}


def _read(answer: object) -> Decision:
    if not isinstance(answer, dict) or answer.get("decision") not in ("allow", "deny", "defer"):
        code = answer.get("code") if isinstance(answer, dict) else None
        return Decision("deny", "refused", problem=code if isinstance(code, str) else None)
    return Decision(
        decision=answer["decision"],
        reason=str(answer.get("reason")),
        until=answer.get("until"),
        choice_id=answer.get("choiceId"),
        rule_pack=answer.get("rulePack"),
        position=answer.get("position"),
    )
