import { assertNever, type Channel } from '@verzet/core'
import type { ScopeInWords } from '../../../services/scope-in-words.ts'
import { Button } from './acts.tsx'
import { Page, type PageFrame, renderDocument } from './layout.tsx'
import type { Translate } from './text.ts'
import { channelName, dayInWords } from './wording.ts'

export type SignUpConfirmModel = {
  readonly frame: PageFrame
  /** Where the button posts to. */
  readonly action: string
  readonly state: 'ask' | 'confirmed' | 'already_confirmed' | 'expired'
  readonly masked: string
  readonly topics: readonly string[]
  readonly channel: Channel
  /** What was agreed to, word for word, in the language it was shown in. */
  readonly words: string
  readonly wordsLanguage: string
  /** What the person had asked for before, and would now change. */
  readonly refused: readonly { readonly at: Date; readonly scope: ScopeInWords }[]
  /** The sign-up form, for who is too late. */
  readonly form: string
  /** The person's own page, once the address is theirs. */
  readonly page?: string
}

/** `GET /s/{token}` says what will happen and what was asked before, and waits for the button. */
export function renderSignUpConfirm(model: SignUpConfirmModel, text: Translate): string {
  const { frame, state } = model
  const title = titleOf(model, text)
  const isAsking = state === 'ask'
  return renderDocument(
    <Page frame={frame} text={text} title={`${title} · ${frame.brand.name}`}>
      <section class="card stack" aria-labelledby="title">
        {isAsking ? (
          <h1 id="title">{title}</h1>
        ) : (
          <div role="status" class="stack">
            {state === 'expired' ? null : <span class="seal" aria-hidden="true" />}
            <h1 id="title">{title}</h1>
          </div>
        )}
        <p class="who">{text('page.who', { address: model.masked })}</p>
        {isAsking ? <RefusedBefore model={model} text={text} /> : <p>{explanation(model, text)}</p>}
        {state === 'expired' ? null : <Wanted model={model} text={text} />}
        {isAsking ? <Ask model={model} text={text} /> : <Onward model={model} text={text} />}
      </section>
    </Page>,
  )
}

function titleOf({ state }: SignUpConfirmModel, text: Translate): string {
  switch (state) {
    case 'ask':
      return text('signUp.ask')
    case 'confirmed':
      return text('signUp.done')
    case 'already_confirmed':
      return text('confirm.already')
    case 'expired':
      return text('confirm.expired')
    default:
      return assertNever(state)
  }
}

function explanation({ state }: SignUpConfirmModel, text: Translate): string {
  if (state === 'expired') return text('signUp.expired')
  return state === 'confirmed' ? `${text('done.now')} ${text('signUp.done.stop')}` : text('signUp.done.stop')
}

/** Only the scope and the day: whoever holds the mail learns no address, no channel it was said on and no reason. */
function RefusedBefore({ model, text }: { model: SignUpConfirmModel; text: Translate }) {
  const { frame, refused } = model
  if (refused.length === 0) return null
  return (
    <div class="notice stack">
      <h2>{text('signUp.before')}</h2>
      <ul class="plain ticks">
        {refused.map(({ at, scope }) => {
          const date = dayInWords(at, frame.language, frame.timeZone)
          const sentence = refusedInWords(scope, date, text)
          return <li key={sentence}>{sentence}</li>
        })}
      </ul>
    </div>
  )
}

function refusedInWords(scope: ScopeInWords, date: string, text: Translate): string {
  const say = (name: string, channel?: Channel) =>
    text('signUp.refused', {
      kind: scope.kind,
      date,
      name,
      channel: channel === undefined ? '' : channelName(channel, text),
    })
  switch (scope.kind) {
    case 'all':
      return say(scope.controller)
    case 'brand':
      return say(scope.brand)
    case 'channel':
      return say(scope.sender, scope.channel)
    case 'topic':
      return say(scope.topic)
    case 'topic_channel':
      return say(scope.topic, scope.channel)
    default:
      return assertNever(scope)
  }
}

function Wanted({ model, text }: { model: SignUpConfirmModel; text: Translate }) {
  return (
    <div class="stack">
      {model.state === 'ask' ? <h2>{text('signUp.after')}</h2> : null}
      <ul class="plain ticks">
        {model.topics.map((topic) => (
          <li key={topic}>{text('confirm.item', { topic, channel: channelName(model.channel, text) })}</li>
        ))}
      </ul>
      {model.state === 'ask' && model.refused.length > 0 ? <p>{text('signUp.rest')}</p> : null}
    </div>
  )
}

function Ask({ model, text }: { model: SignUpConfirmModel; text: Translate }) {
  return (
    <>
      <div class="state stack">
        <h2>{text('signUp.words')}</h2>
        <p lang={model.wordsLanguage}>{model.words}</p>
      </div>
      <form method="post" action={model.action} class="stack">
        <Button first>{text('signUp.confirm')}</Button>
        <p class="hint">{text('confirm.ignore')}</p>
      </form>
    </>
  )
}

function Onward({ model, text }: { model: SignUpConfirmModel; text: Translate }) {
  return (
    <p>
      {model.state === 'expired' ? (
        <a href={model.form}>{text('signUp.again')}</a>
      ) : model.page === undefined ? null : (
        <a href={model.page}>{text('grid.title')}</a>
      )}
    </p>
  )
}
