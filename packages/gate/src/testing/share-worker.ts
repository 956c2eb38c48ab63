import { parentPort, workerData } from 'node:worker_threads'
import type { Decision } from '@verzet/core'
import type { SharedGateHandle } from '../gate-share.ts'
import { openSharedGate } from '../shared-gate.ts'

/** What the test gives: the handle, the people asked about, and for each how often a no or its end was published. */
export type ShareWork = {
  readonly handle: SharedGateHandle
  readonly people: readonly string[]
  readonly said: Int32Array
  /** Above 0: ask no more, and report. */
  readonly stop: Int32Array
}
export type ShareReport = {
  readonly asked: number
  readonly allowed: number
  readonly denied: number
  /** Answers that allowed although a no had been published before, and was still standing after. */
  readonly wrong: number
  readonly reasons: readonly string[]
}

const { handle, people, said, stop }: ShareWork = workerData
const about = { brand: 'shop', channel: 'email', topic: 'news' } as const
const gate = openSharedGate(handle)
const report = { asked: 0, allowed: 0, denied: 0, wrong: 0 }
const reasons = new Set<string>()

const points = people.map((value) => ({ type: 'email' as const, value }))

function note(index: number, before: number, { decision, reason }: Decision): void {
  const isNo = before % 2 === 1 && Atomics.load(said, index) === before
  report.asked += 1
  report[decision === 'allow' ? 'allowed' : 'denied'] += 1
  if (isNo && decision === 'allow') report.wrong += 1
  if (decision !== 'allow') reasons.add(reason)
}

while (Atomics.load(stop, 0) === 0) {
  for (const [index, point] of points.entries()) {
    note(index, Atomics.load(said, index), gate.decide(point, about))
  }
  const before = points.map((_, index) => Atomics.load(said, index))
  for (const [index, decision] of gate.decideMany(points, about).entries()) note(index, before[index] ?? 0, decision)
}
parentPort?.postMessage({ ...report, reasons: [...reasons] })
// What was asked after the end is told as well: the owner closes before it sets 2.
while (Atomics.load(stop, 0) === 1) Atomics.wait(stop, 0, 1, 50)
parentPort?.postMessage(gate.decide({ type: 'email', value: people[0] ?? '' }, about).reason)
gate[Symbol.dispose]()
