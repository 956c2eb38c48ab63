import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { englishIn } from '../../../../../test/english-findings.ts'
import { hiddenFields, StaffDesk } from '../../../../../test/staff-desk.ts'
import { findAll, readPage, textOf } from '../../pages/testing/read-page.ts'

let desk: StaffDesk
let cookie: string
beforeAll(async () => {
  desk = await StaffDesk.open()
  cookie = (await desk.member('mia@acme.example', 'marketer')).cookie
})
afterAll(() => desk[Symbol.asyncDispose]())

/** As a browser would send the form, with one sentence changed. */
async function sendWording(language: string, group: string, fields: Record<string, string>) {
  const path = `/content/acme/wording/nl/${group}`
  const shown = await desk.get(`${path}?lang=${language}`, cookie)
  const hidden = hiddenFields(shown, path)
  return desk.post(`${path}?lang=${language}`, { ...hidden, ...fields }, cookie)
}

const spoken = [
  [
    'nl',
    '“Misschien iets anders” zegt niet dat de reclame stopt.',
    'Op de stopknop staat met zoveel woorden dat de reclame stopt.',
    'Pagina met keuzes, Nederlands',
  ],
  [
    'fr',
    '« Misschien iets anders » ne dit pas que la publicité s’arrête.',
    'Le bouton d’arrêt dit clairement que la publicité s’arrête.',
    'Page des choix, néerlandais',
  ],
  [
    'de',
    '„Misschien iets anders“ sagt nicht, dass die Werbung endet.',
    'Auf der Stopp-Schaltfläche steht klar, dass die Werbung endet.',
    'Seite mit der Auswahl, Niederländisch',
  ],
  [
    'en',
    '"Misschien iets anders" does not say that it stops.',
    'The exit says on its face that it stops.',
    'Page of choices, Dutch',
  ],
] as const

describe('what a page would break', () => {
  it.each(spoken)('is said in the language of who writes it: %s', async (language, detail, rule, place) => {
    const said = { 'text stopAll': 'Misschien iets anders' }
    for (const act of ['check', 'publish']) {
      const answer = await sendWording(language, 'stop', { ...said, act })
      const findings = findAll(readPage(answer.text), 'li')
        .map(textOf)
        .filter((line) => line.includes('exit-in-plain-words'))
      expect(findings[0]).toContain(detail)
      expect(findings[0]).toContain(rule)
      expect(findings[0]).toContain(place)
      if (language !== 'en') expect(englishIn(answer.text)).toEqual([])
    }
  })
})
