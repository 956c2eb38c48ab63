import type { ContactPoint } from '@verzet/core'
import { type Caller, typedCharactersMax } from '../../../../services/desk/find-caller.ts'
import { type DeskAct, deskActs, fitsContact, wordsCharactersMax } from '../../../../services/desk/record-on-desk.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { type Language, languages, type TextKey, type Translate } from '../../pages/text.ts'
import { contactPointName } from '../../pages/wording.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { ConsentForm, type RefusedConsent, Subject } from './consent-form.tsx'
import { digitOf } from './desk-keys.ts'

export type SearchModel = {
  readonly frame: StaffFrame
  readonly typed?: string
  readonly problem?: 'unreadable' | 'country_unclear' | 'unknown_code'
  /** What was done just before: another caller is on the line already. */
  readonly said?: TextKey
}

const problems = {
  unreadable: 'desk.search.unreadable',
  country_unclear: 'desk.search.country',
  unknown_code: 'desk.search.code',
} as const satisfies Record<string, TextKey>

export function renderSearch({ frame, typed, problem, said }: SearchModel): string {
  const { text } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('desk.title')} script="/desk/keys.js">
      {said === undefined ? null : (
        <p class="state" role="status">
          {text(said)}
        </p>
      )}
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('desk.title')}</h1>
        <SearchForm frame={frame} typed={typed} problem={problem} hasFocus />
      </section>
    </StaffPage>,
  )
}

type SearchFormProps = Pick<SearchModel, 'frame' | 'typed' | 'problem'> & { hasFocus?: boolean }

export function SearchForm({ frame, typed, problem, hasFocus }: SearchFormProps) {
  const { text, search } = frame
  return (
    <search>
      <form class="search" method="post" action={`/desk/search${search}`}>
        <FormToken frame={frame} path="/desk/search" />
        <label for="contact">{text('desk.search')}</label>
        <p class="hint" id="contact-hint">
          {text('desk.search.hint')}
        </p>
        {problem === undefined ? null : (
          <p class="error" role="alert" id="contact-error">
            {text(problems[problem])}
          </p>
        )}
        <input
          type="text"
          id="contact"
          name="contact"
          value={typed}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={typedCharactersMax}
          aria-describedby={problem === undefined ? 'contact-hint' : 'contact-error contact-hint'}
          aria-invalid={problem === undefined ? undefined : 'true'}
          autofocus={hasFocus}
        />
        <button type="submit" class="button first">
          {text('desk.search.button')}
        </button>
      </form>
    </search>
  )
}

export type CallerModel = {
  readonly frame: StaffFrame
  readonly caller: Caller
  readonly stands: readonly string[]
  readonly topics: readonly { readonly value: string; readonly name: string }[]
  /** The script in every language; the caller's own comes first. */
  readonly scripts: Readonly<Record<Language, string>>
  /** What was sent and could not be recorded, so that nobody types it twice while somebody is on the line. */
  readonly refused?:
    | { readonly kind: 'act'; readonly digit: string; readonly words: string }
    | ({ readonly kind: 'consent' } & RefusedConsent)
}

/** As people read it: the parts of an address stand apart. */
export function contactInWords({ type, normalised }: ContactPoint): string {
  return type === 'post' ? normalised.split('|').filter(Boolean).join(', ') : normalised
}

export function renderCaller(model: CallerModel): string {
  const { frame, caller, refused } = model
  const { text } = frame
  const { contactPoint } = caller.keyed
  const names = caller.relations.flatMap(({ name }) => name ?? [])
  return renderDocument(
    <StaffPage frame={frame} title={contactInWords(contactPoint)} script="/desk/keys.js">
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{contactInWords(contactPoint)}</h1>
        <p class="quiet-text">{[contactPointName(contactPoint.type, text), ...names].join(' · ')}</p>
        <Stands model={model} />
      </section>
      <div class="beside">
        <Acts model={model} />
        <div class="stack">
          <Script model={model} />
          <section class="card stack" aria-labelledby="another">
            <h2 id="another">{text('desk.another')}</h2>
            <SearchForm frame={frame} />
          </section>
        </div>
      </div>
      <ConsentForm
        frame={frame}
        caller={caller}
        topics={model.topics}
        refused={refused?.kind === 'consent' ? refused : undefined}
      />
    </StaffPage>,
  )
}

function Stands({ model: { caller, stands, frame } }: { model: CallerModel }) {
  const { text } = frame
  return (
    <div class="state stack">
      <h2>{text('desk.stands')}</h2>
      <ul class="plain ticks">
        {stands.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {caller.calls.map(({ brand, isAllowed, reason }) => (
        <p key={brand}>
          <strong>{text(isAllowed ? 'desk.mayCall' : 'desk.mayNotCall', { brand })}</strong>{' '}
          {isAllowed ? null : text('desk.reason', { reason })}
        </p>
      ))}
    </div>
  )
}

/** The field for a digit comes first, so that a digit and Enter record it; every act is a button too. */
function Acts({ model: { frame, caller, refused } }: { model: CallerModel }) {
  const { text, search } = frame
  const typed = refused?.kind === 'act' ? refused : undefined
  const acts = deskActs.filter((act) => fitsContact(act, caller.keyed))
  return (
    <section class="card stack" aria-labelledby="acts">
      <h2 id="acts">{text('desk.acts')}</h2>
      <form class="stack" method="post" action={`/desk/record${search}`}>
        <FormToken frame={frame} path="/desk/record" />
        <Subject caller={caller} />
        <DigitField text={text} button={text('desk.record')} unknown={typed?.digit} />
        <div class="acts">
          {acts.map((act) => (
            <button type="submit" name="act" value={act} class="button" key={act}>
              <kbd>{digitOf(act)}</kbd> <span>{text(actKeys[act])}</span>
            </button>
          ))}
        </div>
        <div class="field">
          <label for="words">{text('desk.words')}</label>
          <textarea id="words" name="words" rows={2} maxLength={wordsCharactersMax} value={typed?.words} />
        </div>
      </form>
    </section>
  )
}

type DigitProps = { text: Translate; button: string; unknown?: string | undefined }

/** The default button of a form is its first: a digit and Enter are enough. `unknown` was typed and is none of the digits. */
export function DigitField({ text, button, unknown }: DigitProps) {
  const isUnknown = unknown !== undefined
  return (
    <div class="digit">
      <label for="digit">{text('desk.digit')}</label>
      {isUnknown ? (
        <p class="error" role="alert" id="digit-error">
          {text('desk.digit.unknown')}
        </p>
      ) : null}
      <input
        type="text"
        id="digit"
        name="digit"
        inputmode="numeric"
        autocomplete="off"
        value={unknown}
        maxLength={1}
        aria-describedby={isUnknown ? 'digit-error' : undefined}
        aria-invalid={isUnknown ? 'true' : undefined}
        autofocus
      />
      <button type="submit" class="button first">
        {button}
      </button>
    </div>
  )
}

export const actKeys = {
  no_calls: 'desk.act.noCalls',
  no_advertising: 'desk.act.noAdvertising',
  less: 'desk.act.less',
  pause_30: 'desk.act.pause30',
  pause_90: 'desk.act.pause90',
  wrong_number: 'desk.act.wrongNumber',
  no_objection: 'desk.act.noObjection',
} as const satisfies Record<DeskAct, TextKey>

/** The right to object in the language of the call, in words to be read out (GDPR art. 21(4), Telecommunicatiewet art. 11.7). */
function Script({ model: { frame, caller, scripts } }: { model: CallerModel }) {
  const { text } = frame
  const known = caller.relations.flatMap(({ language }) => languages.find((one) => one === language) ?? [])[0]
  const first = known ?? frame.language
  return (
    <section class="card stack" aria-labelledby="script">
      <h2 id="script">{text('desk.script.title')}</h2>
      <p class="said" lang={first}>
        {scripts[first]}
      </p>
      <details>
        <summary>{text('desk.script.others')}</summary>
        {languages
          .filter((language) => language !== first)
          .map((language) => (
            <p lang={language} key={language}>
              {scripts[language]}
            </p>
          ))}
      </details>
    </section>
  )
}
