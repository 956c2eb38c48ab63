import type { ContactPointType } from '@verzet/core'
import { ActForm, Button, type PersonalLink } from './acts.tsx'
import type { PageFrame } from './layout.tsx'
import { type Language, languages, type Translate } from './text.ts'
import { contactPointName } from './wording.ts'

/** What is known of the person, masked: a link that came by mail proves too little to show more. */
export type PersonModel = {
  /** The language on record; undefined when none is. */
  readonly language?: Language
  readonly maskedName?: string
  readonly contactPoints: readonly KnownContactPoint[]
}
export type KnownContactPoint = {
  /** Names the contact point to the server without telling what it is. */
  readonly reference: string
  readonly type: ContactPointType
  readonly masked: string
  /** Added, and not yet confirmed. */
  readonly pending: boolean
}

/** Longest name that a form takes; the relation's own limit lies in the services. */
const nameCharsMax = 120
/** RFC 5321 §4.5.3.1.3 allows a path of 256 octets, of which two are the angle brackets. */
const emailCharsMax = 254

type PersonProps = { model: PersonModel; frame: PageFrame; link: PersonalLink; refused?: string; text: Translate }

export function PersonSection({ model, frame, link, refused, text }: PersonProps) {
  return (
    <section class="card stack wide" aria-labelledby="person">
      <div class="stack">
        <h2 id="person">{text('person.title')}</h2>
        <p class="quiet-text">{text('person.masked')}</p>
        <Details model={model} frame={frame} link={link} refused={refused === 'name'} text={text} />
      </div>
      <ContactPoints model={model} link={link} text={text} />
      <AddEmail link={link} refused={refused === 'email'} text={text} />
      <Erase link={link} text={text} />
    </section>
  )
}

type DetailsProps = Omit<PersonProps, 'refused'> & { refused: boolean }

function Details({ model, frame, link, refused, text }: DetailsProps) {
  return (
    <ActForm link={link} act="details" label={text('person.title')}>
      <div class="field">
        <label for="language">{text('person.language')}</label>
        <select id="language" name="language">
          {languages.map((language) => (
            <option value={language} selected={language === (model.language ?? frame.language)} key={language}>
              {text('person.language.name', { language })}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="name">{text('person.name')}</label>
        {refused ? (
          <p id="name-error" class="error">
            {text('notice.nameRefused')}
          </p>
        ) : null}
        <p id="name-hint" class="hint">
          {model.maskedName === undefined
            ? text('person.name.unknown')
            : text('person.name.known', { name: model.maskedName })}
        </p>
        <input
          type="text"
          id="name"
          name="name"
          autocomplete="name"
          maxLength={nameCharsMax}
          aria-describedby={refused ? 'name-error name-hint' : 'name-hint'}
          aria-invalid={refused ? 'true' : undefined}
        />
      </div>
      <Button fit>{text('person.save')}</Button>
    </ActForm>
  )
}

function ContactPoints({ model, link, text }: { model: PersonModel; link: PersonalLink; text: Translate }) {
  if (model.contactPoints.length === 0) return null
  return (
    <div class="stack rule">
      <h3 id="points">{text('points.title')}</h3>
      <p class="hint">{text('points.explained')}</p>
      <ul aria-labelledby="points">
        {model.contactPoints.map((point) => (
          <li class="row" key={point.reference}>
            <div>
              <span class="hint">{contactPointName(point.type, text)}</span>{' '}
              {point.pending ? <span class="tag">{text('points.pending')}</span> : null}
              <br />
              {point.masked}
            </div>
            <ActForm link={link} act="remove-contact" hidden={{ contact: point.reference }}>
              <Button>
                {text('points.remove')} <span class="out-of-sight">{point.masked}</span>
              </Button>
            </ActForm>
          </li>
        ))}
      </ul>
    </div>
  )
}

function AddEmail({ link, refused, text }: { link: PersonalLink; refused: boolean; text: Translate }) {
  return (
    <div class="stack rule">
      <h3>{text('points.add.title')}</h3>
      <ActForm link={link} act="add-contact">
        <div class="field">
          <label for="email">{text('points.add.email')}</label>
          {refused ? (
            <p id="email-error" class="error">
              {text('notice.emailRefused')}
            </p>
          ) : null}
          <p id="email-hint" class="hint">
            {text('points.add.hint')}
          </p>
          <input
            type="email"
            id="email"
            name="email"
            required
            autocomplete="email"
            maxLength={emailCharsMax}
            aria-describedby={refused ? 'email-error email-hint' : 'email-hint'}
            aria-invalid={refused ? 'true' : undefined}
          />
        </div>
        <Button fit>{text('points.add.button')}</Button>
      </ActForm>
    </div>
  )
}

/** GDPR art. 17(1)(c), and what art. 17(3)(b) keeps: said before the button, not after. */
function Erase({ link, text }: { link: PersonalLink; text: Translate }) {
  return (
    <div class="stack rule">
      <h3>{text('erase.title')}</h3>
      <p class="small">{text('erase.explained')}</p>
      <p class="small">{text('erase.kept')}</p>
      <ActForm link={link} act="erase">
        <Button fit>{text('erase.button')}</Button>
      </ActForm>
    </div>
  )
}
