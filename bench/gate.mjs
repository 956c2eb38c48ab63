// Gate questions over HTTP: single ones at a steady 1,000 a second, and batches of 1,000.
import { httpRequest, median, sendAll } from './load.mjs'

const clients = 64
const singlesPerSecond = 1_000
const batchQuestions = 1_000

/** `people` is how many contact points the hub knows; questions are about known and unknown ones, three to one. */
export async function measureGate({ hub, people, seconds, runs }) {
  const headers = { Authorization: `Bearer ${hub.apiKey}`, 'Content-Type': 'application/json' }
  const singles = []
  const batches = []
  // The first is not counted: until the engine has compiled what answers, a question takes several times as long.
  for (let run = 0; run <= runs; run += 1) {
    const requests = Array.from({ length: singlesPerSecond * seconds }, () =>
      httpRequest('POST', '/v1/gate', headers, JSON.stringify(question(people))),
    )
    const single = checked(await sendAll({ port: hub.port, clients, requests, ratePerSecond: singlesPerSecond }))
    if (run === 0) continue
    singles.push(single)
    const bodies = Array.from({ length: 100 }, () => {
      const questions = Array.from({ length: batchQuestions }, () => question(people))
      return httpRequest('POST', '/v1/gate/batch', headers, JSON.stringify({ questions }))
    })
    batches.push(checked(await sendAll({ port: hub.port, clients: 1, requests: bodies })))
  }
  const middle = (rows, name) => median(rows.map((row) => row[name]))
  return {
    singlePerSecond: middle(singles, 'perSecond'),
    singleP50Ms: middle(singles, 'p50Ms'),
    singleP99Ms: middle(singles, 'p99Ms'),
    batchP50Ms: middle(batches, 'p50Ms'),
    batchP99Ms: middle(batches, 'p99Ms'),
  }
}

function question(people) {
  const index = Math.floor(Math.random() * people)
  const isKnown = Math.random() < 0.75
  const value = isKnown ? `person${index}@mail${index % 97}.example.be` : `stranger${index}@example.org`
  return { contactPoint: { type: 'email', value }, brand: 'bench', channel: 'email', topic: 'news' }
}

function checked(result) {
  if (result.statuses[200] !== result.count)
    throw new Error(`not every question was answered: ${JSON.stringify(result.statuses)}`)
  return result
}
