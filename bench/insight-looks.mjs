// The looks of `bench/insight.mjs`, in a process of their own that lets every other go first: browsers read pages on another
// machine, so that reading half a megabyte must not delay the opt-outs that are timed beside it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const comingMs = 2_000

/**
 * Looks at one page after the other, each `times` or until `stop` is called, with `pauseMs` before each. `took` resolves to a
 * Map from the page's name to the milliseconds of each look.
 */
export function startLooking(asked) {
  const child = fork(fileURLToPath(import.meta.url), { serialization: 'advanced' })
  child.send(asked)
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`looking ended with ${code}`)
  })
  const took = Promise.race([once(child, 'message').then(([map]) => map), failed])
  return { took, stop: () => child.send('stop') }
}

function pagesOfYear() {
  const to = new Date().toISOString().slice(0, 10)
  const from = new Date(Date.now() - 365 * 86_400_000).toISOString().slice(0, 10)
  const period = `brand=bench&from=${from}&to=${to}`
  return {
    'a year by channel': `/insight?by=channel&${period}`,
    'a year by campaign': `/insight?by=campaign&${period}`,
    'a year by reason, one channel': `/insight?by=reason&channel=email&${period}`,
    'the people behind a number': `/insight/people?by=reason&value=privacy&${period}`,
    'the people a campaign was sent to': `/insight/people?what=sent&by=campaign&value=c7&${period}`,
    'the people who answered so': `/insight/people?table=answers&value=confirm_on_page%3Anarrowed&${period}`,
    'the people an alternative still keeps': `/insight/people?table=kept&part=stayed&value=pause&${period}`,
    'the same of a rare alternative': `/insight/people?table=kept&part=stayed&value=rare&${period}`,
    'the people of a cadence': `/insight/people?table=lives&value=eight&${period}`,
    'what was sent, by campaign': `/insight?by=campaign&what=sent&${period}`,
    'a year as CSV': `/insight/table.csv?by=campaign&${period}`,
    'a year as a picture': `/insight/chart.png?by=channel&${period}`,
    'a month’s words': `/insight/words?brand=bench`,
    'the monthly report': `/insight/report?brand=bench`,
  }
}

async function look({ url, cookie, times = Number.POSITIVE_INFINITY, pauseMs }, isWanted) {
  const took = new Map()
  // Nobody gets to insight but by way of another room, as who signs in does.
  await readPage(`${url}/account`, cookie)
  await setTimeout(comingMs)
  for (let round = 0; round < times; round += 1) {
    for (const [name, path] of Object.entries(pagesOfYear())) {
      if (!isWanted()) return took
      if (pauseMs > 0) await setTimeout(pauseMs)
      const startedAt = performance.now()
      await readPage(`${url}${path}`, cookie)
      took.set(name, [...(took.get(name) ?? []), performance.now() - startedAt])
    }
  }
  return took
}

async function readPage(address, cookie) {
  const answer = await fetch(address, { headers: { cookie }, redirect: 'manual' })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${address}: ${answer.status} ${text.slice(0, 200)}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setPriority(constants.priority.PRIORITY_LOW)
  const [asked] = await once(process, 'message')
  let isWanted = true
  process.once('message', () => {
    isWanted = false
  })
  const took = await look(asked, () => isWanted)
  process.send(took, () => process.disconnect())
}
