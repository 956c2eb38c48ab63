import { isUtf8 } from 'node:buffer'
import type { Socket } from 'node:net'
import { HttpProblem, problemBody, problemFor } from '../http/problem.ts'
import { readJsonText, readLine } from './read-question.ts'
import { claimNow, decideNow, type SidecarGate } from './sidecar-gate.ts'

/** A question with the longest names and a postal address of ten lines, every character escaped. */
export const lineBytesMax = 16 * 1024
const lineFeed = 10

/** Leaving finishes the lines that were read. */
export type LineSession = { leave(): Promise<void> }

/**
 * The line protocol: a question as JSON on each line, its decision on a line of its own, in the order of the questions.
 * `"claim":true` in a question counts the message. What cannot be read is answered with the problem the hub would
 * answer; it has no `decision`, so that nothing is sent on it. A piece that is not UTF-8 or has no end ends the
 * connection.
 *
 *     {"contactPoint":{"type":"email","value":"jan@voorbeeld.be"},"brand":"shop","channel":"email","topic":"news"}
 *     {"decision":"deny","reason":"objection",…}
 */
export function serveLines(socket: Socket, first: Buffer, gate: SidecarGate, count: () => void): LineSession {
  let rest: Buffer = Buffer.alloc(0)
  let working = Promise.resolve()
  // One piece is answered before the next one is read: that keeps the order, and who does not read is not read from.
  const take = async (piece: Buffer) => {
    socket.pause()
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const end = bytes.lastIndexOf(lineFeed) + 1
    rest = bytes.subarray(end)
    const isReadable = await answerAll(socket, bytes.subarray(0, end), gate, count)
    if (!isReadable || rest.length > lineBytesMax) {
      socket.end(`${problemBody(unreadable.problem)}\n`)
      return
    }
    socket.resume()
  }
  const onData = (piece: Buffer) => {
    working = take(piece).catch(() => void socket.destroy())
  }
  socket.on('data', onData)
  onData(first)
  return {
    async leave() {
      await working
      socket.end()
    },
  }
}

const unreadable = new HttpProblem({
  status: 400,
  code: 'malformed_line',
  title: 'Bad request',
  detail: `Send one JSON object a line, in UTF-8, of at most ${lineBytesMax} bytes.`,
})

async function answerAll(socket: Socket, bytes: Buffer, gate: SidecarGate, count: () => void): Promise<boolean> {
  if (bytes.length === 0) return true
  if (!isUtf8(bytes)) return false
  let answers = ''
  for (const text of bytes.toString().split('\n')) {
    if (text === '' || text === '\r') continue
    count()
    const answer = answerLine(text, gate)
    answers += typeof answer === 'string' ? answer : await answer
    answers += '\n'
  }
  if (!socket.write(answers)) await drained(socket)
  return true
}

/** A string where the replica alone can answer, so that many lines take no turn of the event loop each. */
function answerLine(text: string, gate: SidecarGate): string | Promise<string> {
  try {
    if (text.length > lineBytesMax) throw unreadable
    const { claim, ...question } = readLine(readJsonText(text))
    if (claim !== true) return JSON.stringify(decideNow(gate, question))
    return claimNow(gate, question).then(JSON.stringify)
  } catch (error) {
    return problemBody(problemFor(error).problem)
  }
}

async function drained(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.once('drain', done).once('close', done)
  })
}
