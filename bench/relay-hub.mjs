// What the measurements of the relay have in common: a letter, a hub with people, a sign-in and keys, and what a process costs.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runVerzet, startHub, writePeople } from './hub-process.mjs'

export const recipientsOf = (mails) =>
  Array.from({ length: mails }, (_, index) => `person${index}@mail${index % 97}.example.be`)

/** A letter of text and HTML of about so many bytes, the same for everybody. */
export function letter(recipient, bytes) {
  const paragraph = '<p style=3D"margin:0">Nouveau pain de mars, avec 4 euros de r=C3=A9duction.</p>\r\n'
  const text = 'Nouveau pain de mars, avec 4 euros de r=C3=A9duction.\r\n'
  return [
    `From: Shop <news@shop.example>\r\nTo: <${recipient}>\r\nSubject: Mars\r\nDate: Mon, 02 Mar 2026 09:00:00 +0100`,
    `Message-ID: <${recipient.replace('@', '.')}@shop.example>\r\nMIME-Version: 1.0`,
    'Content-Type: multipart/alternative; boundary=b\r\n',
    '--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n',
    text.repeat(Math.max(1, bytes / 5 / text.length)),
    '--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n',
    `<html><body>\r\n${paragraph.repeat(Math.max(1, (bytes * 0.8) / paragraph.length))}</body></html>\r\n`,
    '--b--',
  ].join('\r\n')
}

export function memoryOf(pid, field) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024)
}

/** Of the hub's process; the database beside it is not in it. */
export function processorMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  const ticksPerSecond = 100
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond
}

/** People, a sign-in and keys, as an operator sets them up. */
export async function prepareRelay({ dataDir, mails, refused, sinkPort }) {
  const file = (name, content) => {
    writeFileSync(join(dataDir, name), content)
    return join(dataDir, name)
  }
  await runVerzet(dataDir, ['migrate'])
  const brand = { id: 'shop', name: 'The Shop', controller: 'Shop NV', country: 'BE' }
  const topic = { brand: 'shop', id: 'news', purpose: 'marketing', names: { en: 'News' } }
  await runVerzet(dataDir, ['brands', 'set', file('brand.json', JSON.stringify(brand))])
  await runVerzet(dataDir, ['topics', 'set', file('topics.json', JSON.stringify([topic]))])
  const people = join(dataDir, 'people.csv')
  await writePeople(people, mails)
  const columns = ['--external-id', 'id', '--email', 'email', '--language', 'language']
  await runVerzet(dataDir, [
    'import',
    people,
    '--brand',
    'shop',
    '--basis',
    'consent',
    '--channel',
    'email',
    ...columns,
    '--consent-at',
    '2024-05-01',
    '--consent-source',
    'form',
  ])
  const noes = ['email', ...recipientsOf(mails).filter((_, index) => index % 100 < refused)]
  if (noes.length > 1)
    await runVerzet(dataDir, ['import', '--objections', file('noes.csv', `${noes.join('\n')}\n`), '--email', 'email'])
  await runVerzet(dataDir, ['relay', 'keys', 'add', '--domain', 'shop.example', '--selector', 'bench'])
  const signIn = JSON.parse(
    await runVerzet(dataDir, ['relay', 'credentials', 'add', '--brand', 'shop', '--topic', 'news', '--json']),
  )
  const env = { VERZET_RELAY_LISTEN: '127.0.0.1:0', VERZET_RELAY_NEXT_HOP: `smtp://127.0.0.1:${sinkPort}` }
  return { ...(await startHub(dataDir, ['serve'], env)), signIn }
}
