import type { PersonFile } from '../../../../services/people/person-file.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { type Language, readLanguage } from '../../pages/text.ts'
import { momentInWords } from '../../pages/wording.ts'
import type { StaffFrame } from '../layout.tsx'
import type { StaffParts } from '../staff-reading.ts'
import { staffStyle } from '../staff-style.ts'
import { eventInWords, wordsOf } from './event-in-words.ts'
import { personView } from './person-model.ts'

/** A document for the person: in their own language, to be read, printed or sent, with nothing of the hub around it. */
export function renderPersonCopy(parts: StaffParts, file: PersonFile, frame: StaffFrame): string {
  const language: Language = readLanguage(file.relations[0]?.language) ?? frame.language
  const text = parts.texts.for(language)
  const words = { text, language, timeZone: frame.timeZone }
  const view = personView(parts, file, words, { isMasked: false })
  const moment = (at: number) => momentInWords(new Date(at), language, frame.timeZone)
  const title = text('people.copy.title', { controller: frame.controller })
  return renderDocument(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <style dangerouslySetInnerHTML={{ __html: staffStyle }} />
      </head>
      <body>
        <main class="page">
          <h1>{title}</h1>
          <p>{text('people.copy.intro', { date: moment(parts.hub.clock()) })}</p>
          <section class="card stack" aria-labelledby="who">
            <h2 id="who">{text('people.copy.who')}</h2>
            <dl>
              {identityOf(file, text).map(([name, value]) => (
                <div key={`${name} ${value}`}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
              {view.points.map(({ key, type, value }) => (
                <div key={key}>
                  <dt>{type}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </section>
          <section class="card stack" aria-labelledby="stands">
            <h2 id="stands">{text('desk.stands')}</h2>
            <ul class="plain ticks">
              {[...new Set([...view.stands, ...view.points.flatMap(({ stands }) => stands)])].map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
          <section class="card stack" aria-labelledby="history">
            <h2 id="history">{text('people.timeline')}</h2>
            <ul class="plain">
              {file.events.map((event, index) => (
                <li key={`${event.at} ${String(index)}`}>
                  <strong>{moment(event.at)}</strong>
                  {': '}
                  {eventInWords(event, parts.hub.catalog, words).join('; ')}
                  {ownWords(wordsOf(event).comment, text)}
                </li>
              ))}
            </ul>
          </section>
        </main>
      </body>
    </html>,
  )
}

function ownWords(comment: string | undefined, text: StaffFrame['text']): string {
  return comment === undefined ? '' : `. ${text('people.copy.words', { words: comment })}`
}

function identityOf({ relations }: PersonFile, text: StaffFrame['text']): [string, string][] {
  return relations.flatMap(({ name, externalId, language, country }): [string, string][] => [
    ...(name === null ? [] : [[text('people.copy.name'), name] satisfies [string, string]]),
    ...(externalId === null ? [] : [[text('people.copy.customerNumber'), externalId] satisfies [string, string]]),
    ...(language === null ? [] : [[text('people.copy.language'), language] satisfies [string, string]]),
    ...(country === null ? [] : [[text('people.copy.country'), country] satisfies [string, string]]),
  ])
}
