import { Page, type PageFrame, renderDocument } from './layout.tsx'
import type { Language, Translate } from './text.ts'
import { momentInWords } from './wording.ts'

/** A mail the hub would have sent, kept in the demo's mailbox. */
export type DemoMail = {
  readonly to: string
  readonly subject: string
  readonly body: string
  readonly sentAt: Date
  readonly language: Language
}
export type DemoMailboxModel = { readonly frame: PageFrame; readonly mails: readonly DemoMail[]; readonly home: string }

export type DemoHomeModel = {
  readonly frame: PageFrame
  readonly topics: readonly { readonly name: string; readonly purpose: string }[]
  readonly relations: readonly {
    readonly externalId: string
    readonly language: Language
    readonly contactPoints: readonly string[]
    readonly page: string
  }[]
  readonly links: readonly { readonly href: string; readonly label: string }[]
}

/** The demo is for whoever installs the hub and is in English alone; it is not part of a recipient's way. */
export function renderDemoMailbox(model: DemoMailboxModel, text: Translate): string {
  const { frame, mails } = model
  return renderDocument(
    <Page frame={frame} text={text} title="Demo mailbox">
      <div class="stack">
        <h1>Demo mailbox</h1>
        <p>
          Nothing leaves this demo: the mails it would send are shown here, the newest first.{' '}
          <a href={model.home}>Back to the demo</a>
        </p>
      </div>
      {mails.length === 0 ? <p class="card">No mail yet. Stop something first.</p> : null}
      {mails.map((mail, at) => (
        <article class="card stack" lang={mail.language} aria-labelledby={`mail-${at}`} key={at}>
          <h2 id={`mail-${at}`}>{mail.subject}</h2>
          <p class="hint" lang="en">
            To {mail.to} · {momentInWords(mail.sentAt, 'en', frame.timeZone)}
          </p>
          <p class="mail">{linked(mail.body)}</p>
        </article>
      ))}
    </Page>,
  )
}

export function renderDemoHome(model: DemoHomeModel, text: Translate): string {
  const { frame } = model
  return renderDocument(
    <Page frame={frame} text={text} title={`${frame.brand.name} · Verzet demo`}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{frame.brand.name}, the demo brand</h1>
        <p>Open a relation's own page, stop something there, and ask the gate again.</p>
        <ul class="plain ticks">
          {model.links.map(({ href, label }) => (
            <li key={href}>
              <a href={href}>{label}</a>
            </li>
          ))}
        </ul>
      </section>
      <section class="card stack" aria-labelledby="relations">
        <h2 id="relations">Relations</h2>
        <ul class="plain">
          {model.relations.map((relation) => (
            <li class="row" key={relation.externalId}>
              <div>
                <strong>{relation.externalId}</strong> <span class="hint">reads {relation.language}</span>
                <br />
                {relation.contactPoints.join(', ')}
              </div>
              <a class="button" href={relation.page}>
                Open the page <span class="out-of-sight">of {relation.externalId}</span>
              </a>
            </li>
          ))}
        </ul>
      </section>
      <section class="card stack" aria-labelledby="topics">
        <h2 id="topics">Topics</h2>
        <ul class="plain ticks">
          {model.topics.map(({ name, purpose }) => (
            <li key={name}>
              {name} <span class="hint">{purpose}</span>
            </li>
          ))}
        </ul>
      </section>
    </Page>,
  )
}

/** The addresses in a text as links; only `http` and `https` become one. */
function linked(body: string) {
  return body.split(/(https?:\/\/[^\s<>"]+)/).map((part, at) =>
    at % 2 === 1 ? (
      <a href={part} key={at}>
        {part}
      </a>
    ) : (
      part
    ),
  )
}
