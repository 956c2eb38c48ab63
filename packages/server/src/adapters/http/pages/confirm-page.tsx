import { assertNever, type Cadence, type Channel } from '@verzet/core'
import { Button } from './acts.tsx'
import { Page, type PageFrame, renderDocument } from './layout.tsx'
import { standsInWords } from './stands.ts'
import type { Translate } from './text.ts'
import { channelName } from './wording.ts'

/** What a link in a confirmation mail is about. */
export type Confirmable =
  | { readonly kind: 'receive' | 'undo'; readonly items: readonly ConfirmItem[]; readonly limit?: Limit }
  | { readonly kind: 'add_contact_point' }
  /** An address to be written to in place of one that refused. */
  | { readonly kind: 'move' }
  | { readonly kind: 'erase' }

export type ConfirmItem = { readonly topic: string; readonly channel: Channel }
/** The pause or the cadence that then holds on top. */
export type Limit =
  | { readonly kind: 'paused'; readonly until: Date }
  | { readonly kind: 'cadence'; readonly cadence: Cadence }

export type ConfirmModel = {
  readonly frame: PageFrame
  /** Where the button posts to: `/k/{token}`, with `?lang=` where that was asked for. */
  readonly action: string
  readonly confirmable: Confirmable
  readonly masked: string
  readonly state: 'ask' | 'confirmed' | 'expired' | 'already_confirmed'
  /** The person's own page, where the caller has a link to it. */
  readonly page?: string
}

/** `GET /k/{token}` tells what will happen and waits for the button; the same page then tells what came of it. */
export function renderConfirmPage(model: ConfirmModel, text: Translate): string {
  const { frame } = model
  const title = titleOf(model, text)
  return renderDocument(
    <Page frame={frame} text={text} title={`${title} · ${frame.brand.name}`}>
      <section class="card stack" aria-labelledby="title">
        {model.state === 'ask' ? (
          <h1 id="title">{title}</h1>
        ) : (
          <div role="status" class="stack">
            {model.state === 'expired' ? null : <span class="seal" aria-hidden="true" />}
            <h1 id="title">{title}</h1>
          </div>
        )}
        <p class="who">{text('page.who', { address: model.masked })}</p>
        {sentences(model, text).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <Items model={model} text={text} />
        {model.state === 'ask' ? (
          <form method="post" action={model.action} class="stack">
            <Button first>{text('confirm.button', { what: model.confirmable.kind })}</Button>
            <p class="hint">{text('confirm.ignore')}</p>
          </form>
        ) : null}
        {model.page === undefined ? null : (
          <p>
            <a href={model.page}>{text('grid.title')}</a>
          </p>
        )}
      </section>
    </Page>,
  )
}

function titleOf(model: ConfirmModel, text: Translate): string {
  switch (model.state) {
    case 'ask':
      return text('confirm.ask', { what: model.confirmable.kind })
    case 'confirmed':
      return text('confirm.done', { what: model.confirmable.kind })
    case 'already_confirmed':
      return text('confirm.already')
    case 'expired':
      return text('confirm.expired')
    default:
      return assertNever(model.state)
  }
}

function sentences(model: ConfirmModel, text: Translate): readonly string[] {
  switch (model.state) {
    case 'ask':
      return [
        text('confirm.ask.explained', { what: model.confirmable.kind, brand: model.frame.brand.name }),
        ...(model.confirmable.kind === 'erase' ? [text('erase.kept')] : []),
      ]
    case 'confirmed':
      return model.confirmable.kind === 'erase' ? [text('erase.kept')] : [text('done.now')]
    case 'already_confirmed':
      return [text('confirm.already.explained')]
    case 'expired':
      return [text('confirm.expired.explained')]
    default:
      return assertNever(model.state)
  }
}

function Items({ model, text }: { model: ConfirmModel; text: Translate }) {
  const { confirmable, state } = model
  if (state === 'expired' || !('items' in confirmable)) return null
  return (
    <ul class="plain ticks">
      {confirmable.items.map(({ topic, channel }) => (
        <li key={`${channel}:${topic}`}>{text('confirm.item', { topic, channel: channelName(channel, text) })}</li>
      ))}
      {confirmable.limit === undefined ? null : <li>{standsInWords(confirmable.limit, model.frame, text)}</li>}
    </ul>
  )
}
