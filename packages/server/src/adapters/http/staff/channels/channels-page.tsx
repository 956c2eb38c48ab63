import { assertNever } from '@verzet/core'
import type { Connection, ConnectionFailure } from '../../../../services/channels/read-connections.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { momentInWords } from '../../pages/wording.ts'
import { type StaffFrame, StaffPage } from '../layout.tsx'

export type ChannelsModel = {
  readonly frame: StaffFrame
  readonly connections: readonly Connection[]
  /** Of brands, by id. */
  readonly names: ReadonlyMap<string, string>
}

const vendorNames = {
  twilio: 'Twilio',
  sinch: 'Sinch',
  messagebird: 'MessageBird / Bird',
  cm: 'CM.com',
  vonage: 'Vonage',
  smpp: 'SMPP 3.4',
} as const

const mailTitles = {
  mail_out: 'channels.mailOut',
  mail_in: 'channels.mailIn',
  mailbox: 'channels.mailbox',
  relay: 'channels.relay',
} as const

const healthTexts = {
  off: 'channels.health.off',
  quiet: 'channels.health.quiet',
  working: 'channels.health.working',
  failing: 'channels.health.failing',
} as const

/** First whether anything needs somebody, then mail, texts and portals. */
export function renderChannels(model: ChannelsModel): string {
  const { frame, connections } = model
  const { text } = frame
  const failing = connections.filter(({ health }) => health === 'failing').length
  const of = (...kinds: readonly Connection['kind'][]) => connections.filter(({ kind }) => kinds.includes(kind))
  return renderDocument(
    <StaffPage frame={frame} title={text('channels.title')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('channels.title')}</h1>
        <p class={failing === 0 ? 'state' : 'notice'}>{text('channels.summary', { failing })}</p>
        <p class="hint">{text('channels.secrets')}</p>
      </section>
      <Group {...model} id="mail" title={text('channels.mail')} of={of('mail_out', 'mail_in', 'mailbox', 'relay')} />
      <Group {...model} id="texts" title={text('channels.texts')} of={of('texts')} none={text('channels.texts.none')} />
      <Group
        {...model}
        id="portals"
        title={text('channels.portals')}
        of={of('portal')}
        none={text('channels.portals.none')}
      />
    </StaffPage>,
  )
}

type GroupProps = ChannelsModel & { id: string; title: string; of: readonly Connection[]; none?: string }

function Group({ id, title, of, none, frame, names }: GroupProps) {
  return (
    <section class="card stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {of.length === 0 ? <p>{none}</p> : null}
      {of.map((one) => (
        <ConnectionCard frame={frame} connection={one} names={names} key={`${one.kind} ${one.name ?? ''}`} />
      ))}
    </section>
  )
}

type CardProps = { frame: StaffFrame; connection: Connection; names: ReadonlyMap<string, string> }

function ConnectionCard({ frame, connection, names }: CardProps) {
  const { text, language, timeZone } = frame
  const { kind, name, vendor, brand, health, failure, heardAt, workedAt, waiting, canSend } = connection
  const moment = (at: number) => momentInWords(new Date(at), language, timeZone)
  const title = kind === 'texts' || kind === 'portal' ? (name ?? '') : text(mailTitles[kind])
  const facts: readonly (readonly [string, string])[] = [
    ...(kind !== 'texts' && kind !== 'portal' && name !== undefined ? [[text('channels.where'), name] as const] : []),
    ...(vendor === undefined ? [] : [[text('channels.vendor'), vendorNames[vendor]] as const]),
    ...(brand === undefined ? [] : [[text('channels.brand'), names.get(brand) ?? brand] as const]),
    ...(heardAt === undefined ? [] : [[text('channels.heard'), moment(heardAt)] as const]),
    ...(workedAt === undefined ? [] : [[workedText(connection, text), moment(workedAt)] as const]),
    ...(waiting === undefined || waiting === 0
      ? []
      : [[text('channels.waiting'), text('channels.waiting.count', { count: waiting })] as const]),
    ...(canSend === undefined
      ? []
      : [[text('channels.sends'), text('channels.canSend', { can: String(canSend) })] as const]),
  ]
  return (
    <div class="connection stack">
      <h3>{title}</h3>
      <p class={health === 'failing' ? 'notice' : undefined}>
        <strong>{text(healthTexts[health])}</strong>{' '}
        {failure === undefined ? text(explainedOf(connection)) : <Failure frame={frame} failure={failure} />}
      </p>
      {facts.length === 0 ? null : (
        <dl class="facts">
          {facts.flatMap(([term, value]) => [<dt key={term}>{term}</dt>, <dd key={`${term} value`}>{value}</dd>])}
        </dl>
      )}
    </div>
  )
}

function workedText({ kind, vendor }: Connection, text: StaffFrame['text']): string {
  if (kind === 'mailbox') return text('channels.lastRead')
  return text(vendor === 'smpp' ? 'channels.lastUp' : 'channels.lastSent')
}

/** What the state means for this kind of connection, where nothing is wrong. */
function explainedOf({ kind, health }: Connection) {
  if (health === 'working') return 'channels.working.explained' as const
  if (health === 'quiet') return kind === 'portal' ? 'channels.quiet.portal' : 'channels.quiet.explained'
  switch (kind) {
    case 'mail_out':
      return 'channels.mailOut.off'
    case 'mail_in':
      return 'channels.mailIn.off'
    case 'mailbox':
      return 'channels.mailbox.off'
    case 'relay':
      return 'channels.relay.off'
    case 'texts':
    case 'portal':
      return 'channels.quiet.explained'
    default:
      return assertNever(kind)
  }
}

function Failure({ frame, failure }: { frame: StaffFrame; failure: ConnectionFailure }) {
  const { text, language, timeZone } = frame
  const { kind, reason, at } = failure
  const since = at === undefined ? '' : momentInWords(new Date(at), language, timeZone)
  return (
    <>
      {text(`channels.failure.${kind}`, { reason: reason ?? '', at: since })}
      {/* The words of whoever refused, as the log has them too. */}
      {reason === undefined || kind === 'refused_calls' ? null : (
        <>
          {' '}
          <code>{reason}</code>
        </>
      )}
    </>
  )
}
