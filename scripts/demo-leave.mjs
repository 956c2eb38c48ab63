/**
 * `npm run demo:leave`: one person leaves, step by step, against a running demo hub, with what the gate says at each.
 *
 *   npm run demo:leave                                        starts a demo of its own and stops it again
 *   npm run demo:leave -- --url http://localhost:8420 --key vz_…   uses the one that runs
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './install.mjs'

const startWithinMs = 120_000
const mailWithinMs = 20_000
const brand = 'duinroos'
const topic = 'nieuws'

let step = 0
function say(title, ...lines) {
  step += 1
  process.stdout.write(`\n${step}. ${title}\n${lines.map((line) => `   ${line}\n`).join('')}`)
}

/** A hub with a directory of its own, which is gone afterwards. */
async function startDemo() {
  const directory = mkdtempSync(join(tmpdir(), 'verzet-demo-'))
  const command = ['scripts/start.mjs', '--json', '--port', '0', '--data', directory]
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.kill('SIGTERM')) await ended
    rmSync(directory, { recursive: true, force: true })
  }
  const timer = setTimeout(() => child.kill('SIGTERM'), startWithinMs)
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{')) continue
      const { url, apiKey } = JSON.parse(line)
      return { url, key: apiKey, stop }
    }
    throw new Error('The demo did not start: run `npm start` to see why.')
  } catch (error) {
    await stop()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function givenDemo(args) {
  const value = (name) => args[args.indexOf(name) + 1]
  if (!args.includes('--url')) return undefined
  if (!args.includes('--key')) throw new Error('Give the API key too: --key vz_…; `npm start` shows it.')
  return { url: value('--url').replace(/\/$/, ''), key: value('--key'), stop: async () => {} }
}

function walker({ url, key }) {
  const api = async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}`)
    return answer.json()
  }
  const page = async (path, fields) => {
    const answer = await fetch(url + path, {
      ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
      headers: { 'accept-language': 'en' },
    })
    const html = await answer.text()
    return { html, title: textOf(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? `status ${answer.status}`) }
  }
  /** The newest mail in the demo's mailbox that names a page under this path and was not seen before. */
  const seen = new Set()
  const mail = async (kind) => {
    const until = Date.now() + mailWithinMs
    while (Date.now() < until) {
      const { html } = await page('/demo/mailbox')
      for (const [, found] of textOf(html, true).matchAll(new RegExp(`(/${kind}/[\\w-]{40,})`, 'g'))) {
        if (!seen.has(found)) {
          seen.add(found)
          return found
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    throw new Error('No mail arrived in the mailbox of the demo.')
  }
  /** Mails of earlier runs are none of ours. */
  const ignoreOldMails = async () => {
    const { html } = await page('/demo/mailbox')
    for (const [found] of html.matchAll(/\/[uk]\/[\w-]{40,}/g)) seen.add(found)
  }
  return { api, page, mail, ignoreOldMails }
}

function textOf(html, keepsLinks = false) {
  const text = html.replace(/<[^>]*>/g, ' ').replaceAll('&amp;', '&')
  return keepsLinks ? text : text.replace(/\s+/g, ' ').trim()
}

async function walk(demo) {
  const { api, ignoreOldMails } = demo.walker
  const { id: _id, ...before } = await api('GET', `/v1/brands/${brand}`)
  await ignoreOldMails()
  try {
    const leaving = { policy: 'confirm_by_mail', alternatives: [{ kind: 'less', max: 1, per: 'month' }] }
    await api('PUT', `/v1/brands/${brand}`, { ...before, settings: { ...before.settings, leaving } })
    const person = await introduce(demo)
    await stopEverything(demo, person)
    await takeLess(demo, person)
    await lookBack(demo, person)
  } finally {
    await api('PUT', `/v1/brands/${brand}`, before)
  }
}

async function introduce(demo) {
  const { api } = demo.walker
  const id = `leaver-${Date.now()}`
  const contactPoint = { type: 'email', value: `${id}@voorbeeld.be` }
  const question = { contactPoint, brand, channel: 'email', topic }
  const gate = async () => {
    const { decision, reason, until } = await api('POST', '/v1/gate', question)
    return `gate: ${decision} (${reason})${until ? ` until ${until}` : ''}`
  }
  const claim = async () => (await api('POST', '/v1/gate/claim', question)).decision
  const details = { language: 'en', country: 'BE', customerSince: '2024-01-01', contactPoints: [contactPoint] }
  await api('PUT', `/v1/relations/${id}`, details)
  say(`A customer, ${contactPoint.value}. The brand asks by mail whether a no was meant.`, await gate())
  return { id, contactPoint, gate, claim }
}

async function stopEverything(demo, { contactPoint, gate }) {
  const { api, page } = demo.walker
  const links = await api('POST', '/v1/links', { contactPoint, brand, channel: 'email', topic, campaign: 'demo' })
  const link = new URL(links.page).pathname
  const opened = await page(link)
  say('The link in the newsletter is opened, by the person or a scanner.', `page: ${opened.title}`, await gate())
  const stopped = await page(`${link}/stop`, { scope: 'all' })
  say('The person presses "Stop all advertising": one act, and it holds.', `page: ${stopped.title}`, await gate())
}

async function takeLess(demo, { gate, claim }) {
  const { page, mail } = demo.walker
  const mailed = await mail('u')
  const asked = await page(`${mailed}/confirm`)
  say(
    'One mail arrives: what was said, "is this what you want?", and the alternatives as links.',
    `its link: ${mailed.slice(0, 14)}…/confirm`,
    `opened: ${asked.title}`,
    await gate(),
  )
  const taken = await page(`${mailed}/alternative`, { alternative: 'less:1/month' })
  const proof = 'There the person takes "at most one a month". A link in a mail proves too little for that.'
  say(proof, `page: ${taken.title}`, await gate())
  const confirmation = await mail('k')
  const shown = await page(confirmation)
  say('A second mail asks to confirm it. Its link is opened: nothing changes.', `page: ${shown.title}`, await gate())
  const confirmed = await page(confirmation, {})
  say('The person presses the button.', `page: ${confirmed.title}`, await gate())
  const claims = [`first: ${await claim()}`, `second: ${await claim()}`]
  say('Two newsletters of this month are about to leave.', ...claims, await gate())
}

async function lookBack(demo, { id }) {
  const { api } = demo.walker
  const { entries } = await api('GET', `/v1/relations/${id}/timeline`)
  const told = entries.map(({ at, kind, choice, leaving, mail }) => {
    const what = leaving?.state ?? mail?.kind ?? (kind === 'choice' ? choice.kind : '')
    return `${at.slice(11, 19)}  ${kind}  ${what}`
  })
  say('What the timeline keeps of it, each entry with its evidence.', ...told)
  const { leaves } = await api('GET', `/v1/leaves?brand=${brand}`)
  const counts = leaves.map(({ state, alternative, count }) => `${state} ${alternative ?? ''} × ${count}`)
  say('What is counted.', ...counts)
}

try {
  const demo = givenDemo(process.argv.slice(2)) ?? (await startDemo())
  try {
    await walk({ walker: walker(demo) })
  } finally {
    await demo.stop()
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
