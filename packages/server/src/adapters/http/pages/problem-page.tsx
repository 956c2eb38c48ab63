import { Page, type PageFrame, renderDocument } from './layout.tsx'
import type { TextKey, Translate } from './text.ts'

/**
 * `link_unknown` is said of a forged, a mangled and a never issued link alike: it tells nothing about who exists.
 * `unavailable` is said when a choice could not be stored, and never sounds like success.
 */
export type Problem = 'link_unknown' | 'page_unknown' | 'request_unreadable' | 'too_many_attempts' | 'unavailable'

export type ProblemModel = {
  readonly frame: PageFrame
  readonly problem: Problem
  /** The other ways to object that this deployment offers. */
  readonly otherWays: {
    readonly codePage?: string
    readonly optOutForm?: string
    readonly sms?: boolean
    readonly email?: string
    readonly postal?: string
  }
  /** Where to try again; the person presses once more, nothing is repeated for them. */
  readonly retry?: string
}

const problemTexts: Record<Problem, { title: TextKey; explained: TextKey }> = {
  link_unknown: { title: 'problem.link', explained: 'problem.link.explained' },
  page_unknown: { title: 'problem.page', explained: 'problem.page.explained' },
  request_unreadable: { title: 'problem.request', explained: 'problem.request.explained' },
  too_many_attempts: { title: 'problem.tooMany', explained: 'problem.tooMany.explained' },
  unavailable: { title: 'problem.unavailable', explained: 'problem.unavailable.explained' },
}

export function renderProblemPage(model: ProblemModel, text: Translate): string {
  const { frame, problem, retry } = model
  const title = text(problemTexts[problem].title)
  return renderDocument(
    <Page frame={frame} text={text} title={`${title} · ${frame.brand.name}`}>
      <section class="card stack" aria-labelledby="title">
        <div role="alert" class="stack">
          <h1 id="title">{title}</h1>
          <p>{text(problemTexts[problem].explained)}</p>
        </div>
        {retry === undefined ? null : (
          <p>
            <a class="button" href={retry}>
              {text('problem.retry')}
            </a>
          </p>
        )}
        <OtherWays model={model} text={text} />
      </section>
    </Page>,
  )
}

/** GDPR art. 12(2): whoever's link fails is shown another way, not a dead end. */
function OtherWays({ model, text }: { model: ProblemModel; text: Translate }) {
  const { codePage, optOutForm, sms, email, postal } = model.otherWays
  if (codePage === undefined && optOutForm === undefined && !sms && email === undefined && postal === undefined)
    return null
  return (
    <div class="stack rule">
      <h2>{text('ways.title')}</h2>
      <ul class="plain ticks">
        {codePage === undefined ? null : (
          <li>
            <a href={codePage}>{text('ways.code')}</a>
          </li>
        )}
        {optOutForm === undefined ? null : (
          <li>
            <a href={optOutForm}>{text('ways.form')}</a>
          </li>
        )}
        {sms ? <li>{text('ways.sms')}</li> : null}
        {email === undefined ? null : (
          <li>
            {text('ways.email')} <a href={`mailto:${email}`}>{email}</a>
          </li>
        )}
        {postal === undefined ? null : (
          <li>
            {text('ways.post')} {postal}
          </li>
        )}
      </ul>
    </div>
  )
}
