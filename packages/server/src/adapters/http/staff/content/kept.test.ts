import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shownFields } from '../../../../../test/shown-fields.ts'
import { type DeskAnswer, mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { find, findAll, readPage, textOf } from '../../pages/testing/read-page.ts'

let desk: StaffDesk
let cookie: string
beforeAll(async () => {
  desk = await StaffDesk.open()
  cookie = (await desk.member('mia@acme.example', 'marketer')).cookie
})
afterAll(() => desk[Symbol.asyncDispose]())

const open = async (url: string) => shownFields(await desk.get(url, cookie), url)
const send = (url: string, fields: Record<string, string>) => desk.post(url, fields, cookie)

/** The table of what differs, a row an entry: the field, what holds now, what is in the form. */
function differencesIn({ text }: DeskAnswer): string[][] {
  const table = find(readPage(text), 'table')
  return findAll(find(table, 'tbody'), 'tr').map((row) =>
    row.children.flatMap((cell) => (typeof cell === 'string' ? [] : [textOf(cell)])),
  )
}

const stopTexts = '/content/acme/wording/nl/stop'
const questions = '/content/acme/questions'
const alternatives = '/content/acme/alternatives'

describe('a form that is refused', () => {
  it.each([
    ['/content', { id: 'Nieuw merk!', name: 'Nova', controller: 'Nova NV', country: 'BE' }],
    ['/content/acme', { accent: 'blauw', name: 'Acme 2', siteOrigins: 'geen adres', policy: 'confirm_on_page' }],
    ['/content/acme/topics', { id: 'Te veel', 'name.nl': 'Nieuws', purpose: 'service' }],
    ['/content/acme/topics/news', { purpose: 'service', 'name.de': 'Neuigkeiten' }],
    [stopTexts, { 'text stopAll': 'Stop {wie}', 'text narrow': 'Kies hier' }],
    [stopTexts, { 'text stopAll': 'Misschien iets anders' }],
    [questions, { 'q0.label.nl': 'x'.repeat(201), 'q0.order': '2', 'q0.c0.label.fr': 'Trop', 'q0.c1.remove': 'yes' }],
    [questions, { 'add.kind': 'scale', 'add.label.nl': 'y'.repeat(201), 'q0.new.de': 'Zu viel' }],
    [questions, { 'add.kind': 'single', 'add.choices': 'Ja\nNee' }],
    [alternatives, { 'a0.days': '5000', 'a0.order': '3', 'a1.remove': 'yes', 'a2.label.nl': 'Eén per maand' }],
    [alternatives, { 'a0.label.nl': 'x'.repeat(101), add: 'digest', 'a2.reason.too_many': 'yes', 'a2.per': 'week' }],
  ])('comes back as it was sent: %s %o', async (url, typed) => {
    const sent = { ...(await open(url)), ...typed, act: 'publish' }
    const refused = await send(url, sent)
    expect(refused.status).toBe(422)
    expect(shownFields(refused, url)).toMatchObject(typed)
  })

  it('says what is wrong at the question and the answer that it is about, and opens them', async () => {
    const opened = await open(questions)
    const long = await send(questions, { ...opened, 'q0.c1.label.nl': 'x'.repeat(201), 'q0.order': '9' })
    const page = readPage(long.text)
    expect(textOf(find(page, 'p', { id: 'q0.c1.label-error' }))).toContain('hoogstens 200 tekens')
    const field = find(page, 'input', { id: 'q0.c1.label.nl' })
    expect(field.attributes).toMatchObject({ 'aria-invalid': 'true', 'aria-describedby': 'q0.c1.label-error' })
    const answers = findAll(page, 'details').filter((one) => findAll(one, 'p').some(({ attributes }) => attributes.id))
    expect(answers.map(({ attributes }) => 'open' in attributes)).toEqual([true])
    const added = readPage((await send(questions, { ...opened, 'add.choices': 'Ja\nNee' })).text)
    expect(textOf(find(added, 'p', { id: 'add.label-error' }))).toContain('ontbreekt in elke taal')
  })

  it('says it at the alternative, wherever it is put', async () => {
    const opened = await open(alternatives)
    const page = readPage((await send(alternatives, { ...opened, 'a0.days': '0', 'a0.order': '9' })).text)
    expect(textOf(find(page, 'p', { id: 'a0.days-error' }))).toContain('van 1 tot 730')
  })
})

describe('a form that a colleague overtook', () => {
  it.each([
    ['/content/acme', { name: 'Acme & Co', oneClick: 'topic' }, { name: 'Acme Post', controller: 'Acme Groep NV' }],
    ['/content/acme/topics/news', { 'name.en': 'Letters' }, { 'name.en': 'Bulletin', 'name.nl': 'Bericht' }],
    [stopTexts, { 'text stopAll': 'Stop alle reclame nu' }, { 'text stopAll': 'Stop alle reclame vandaag' }],
    [questions, { 'q0.label.nl': 'Waarom stopt u?' }, { 'q0.label.nl': 'Waarom gaat u weg?', 'q0.c1.remove': 'yes' }],
    [alternatives, { 'a0.days': '45' }, { 'a0.days': '60', 'a2.reason.too_many': 'yes' }],
  ] as const)('keeps what was typed, and is saved by who decides so: %s', async (url, theirs, mine) => {
    const opened = await open(url)
    expect((await send(url, { ...opened, ...theirs, act: 'publish' })).status).toBe(200)
    const late = await send(url, { ...opened, ...mine, act: 'publish' })
    expect([late.status, mainOf(late)]).toEqual([422, expect.stringContaining('iemand anders')])
    const shown = shownFields(late, url)
    expect(shown).toMatchObject(mine)
    expect(shown.version).not.toBe(opened.version)
    const differing = differencesIn(late)
    expect(differing.length).toBeGreaterThanOrEqual(Object.keys(mine).length)
    expect(differing.flat()).toEqual(expect.arrayContaining(Object.values({ ...mine, ...theirs }).flatMap(inWords)))
    const saved = await send(url, { ...shown, act: 'publish' })
    expect(saved.status).toBe(200)
    const { version: _, ...kept } = await open(url)
    expect(kept).toMatchObject(withoutActs(mine))
  })

  /** Ticks and choices are named in the words of the page; those are looked at below. */
  const inWords = (value: string) => (['yes', 'topic'].includes(value) ? [] : [value])
  const withoutActs = (fields: Record<string, string>) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !/remove|reason/.test(name)))

  it('names the fields as the form does and shows each choice in its words', async () => {
    const opened = await open('/content/acme')
    await send('/content/acme', { ...opened, oneClick: 'all', postalAddress: 'Kade 1\r\n9000 Gent' })
    const late = await send('/content/acme', { ...opened, oneClick: 'channel', 'pledged-robinson': 'yes' })
    expect(differencesIn(late)).toEqual([
      ['Postadres', 'Kade 1 9000 Gent', '(leeg)'],
      ['Wat een klik op „afmelden” in het mailprogramma betekent', 'alles', expect.stringContaining('dit kanaal')],
      [expect.stringMatching(/robinson$/), '(leeg)', 'aangevinkt'],
    ])
    // What was typed and is stored already is no difference.
    const same = await send('/content/acme', { ...opened, oneClick: 'all', postalAddress: 'Kade 1\r\n9000 Gent' })
    expect([same.status, mainOf(same)]).toEqual([422, expect.stringContaining('staat er al')])
  })

  it.each([
    [questions, { 'add.label.nl': 'Hoe vaak?', 'add.choices': 'elke dag\r\nzelden' }, ['Hoe vaak?', 'elke dag zelden']],
    [questions, { 'q0.new.fr': 'Trop cher' }, ['Trop cher']],
    [alternatives, { add: 'other_address', usual: 'yes' }, ['Ander adres', 'aangevinkt']],
  ] as const)('does not call there already what it would add: %s %o', async (url, mine, words) => {
    const opened = await open(url)
    const theirs = { [url === questions ? 'q0.label.de' : 'a0.label.de']: `Neu ${words[0]}` }
    expect((await send(url, { ...opened, ...theirs })).status).toBe(200)
    const late = await send(url, { ...opened, ...theirs, ...mine })
    expect(mainOf(late)).not.toContain('staat er al')
    expect(differencesIn(late).map(([, now, typed]) => [now, typed])).toEqual(words.map((one) => ['(leeg)', one]))
  })

  it.each([
    ['/content/acme', 'contactEmail', ['an@acme.example', 'bo@acme.example']],
    ['/content/acme/topics/news', 'name.fr', ['Lettre', 'Courrier']],
    [stopTexts, 'text narrow', ['Kies hier', 'Kies hieronder']],
    [questions, 'q0.label.en', ['Why?', 'Why now?']],
    [alternatives, 'a0.label.en', ['A break', 'A rest']],
  ])('is noticed when both are sent in the same moment: %s', async (url, field, said) => {
    const opened = await open(url)
    const answers = await Promise.all(said.map((one) => send(url, { ...opened, [field]: one, act: 'publish' })))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, 422])
    expect((await open(url))[field]).toBe(said[statuses.indexOf(200)])
  })

  it('follows each question to where it stands now, and shows the words of one that is gone', async () => {
    const opened = await open(questions)
    const added = { 'add.kind': 'scale', 'add.label.nl': 'Hoe tevreden?' }
    const withTwo = shownFields(await send(questions, { ...opened, ...added }), questions)
    const last = Object.keys(withTwo).filter((name) => /^q\d+\.id$/.test(name)).length - 1
    const first = withTwo['q0.id']
    // A colleague puts the last question first and deletes the one that was.
    const theirs = await send(questions, { ...withTwo, [`q${last}.order`]: '1', 'q0.order': '2', 'q0.remove': 'yes' })
    expect(theirs.status).toBe(200)
    const mine = {
      'q0.label.nl': 'Mijn eerste',
      'q0.new.de': 'Neu',
      [`q${last}.label.nl`]: 'Mijn laatste',
      'add.label.fr': 'Et encore ?',
    }
    const late = await send(questions, { ...withTwo, ...mine })
    const shown = shownFields(late, questions)
    expect([shown['q0.label.nl'], shown['add.label.fr']]).toEqual(['Mijn laatste', 'Et encore ?'])
    const gone = differencesIn(late).find(([name]) => name === first)
    expect(gone).toEqual([first, '(staat er niet meer)', expect.stringMatching(/Mijn eerste.* \/ Neu/)])
    // What was deleted is told in the words of the form.
    const history = mainOf(await desk.get('/content/acme/history', cookie))
    expect(history).toContain('1 · antwoorden · 1')
    expect(history).not.toMatch(/\b(?:choices|kind)\b/)
  })
})
