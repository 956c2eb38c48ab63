import type { RegisterState } from '../../../../services/registers/read-registers.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { channelName, dayForInput, dayInWords, sentenceCase } from '../../pages/wording.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'

export type RegistersModel = {
  readonly frame: StaffFrame
  readonly registers: readonly RegisterState[]
  readonly brands: readonly { readonly id: string; readonly name: string }[]
  readonly now: number
}

const dayMs = 86_400_000
export const pledgePath = '/registers/pledge'

/** As they are called; names are not translated. */
const titles: ReadonlyMap<string, string> = new Map([
  ['bel-me-niet-meer', 'Bel-me-niet-meer / Ne m’appelez plus'],
  ['robinson', 'Robinson'],
  ['postfilter', 'Postfilter'],
  ['bel-me-niet', 'Bel-me-niet Register'],
  ['bloctel', 'Bloctel'],
])

/** What has to be consulted first, then the lists that nobody asks for. */
export function renderRegisters(model: RegistersModel): string {
  const { frame, registers } = model
  const { text } = frame
  const consulted = registers.filter(({ isConsulted }) => isConsulted)
  const others = registers.filter(({ isConsulted }) => !isConsulted)
  return renderDocument(
    <StaffPage frame={frame} title={text('registers.title')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('registers.title')}</h1>
        <p>{text('registers.intro')}</p>
      </section>
      {consulted.map((register) => (
        <Register {...model} register={register} key={register.id} />
      ))}
      {others.length === 0 ? null : (
        <section class="card stack" aria-labelledby="others">
          <h2 id="others">{text('registers.others')}</h2>
          <ul class="plain">
            {others.map((one) => (
              <li class="row" key={one.id}>
                <div>
                  <p>
                    <strong>{titleOf(one)}</strong> · {purposeOf(one, frame)}
                  </p>
                  <p class="hint">{whyNot(one, model)}</p>
                  {one.isVoluntary ? (
                    <>
                      <Pledges {...model} register={one} />
                      <Import {...model} register={one} />
                    </>
                  ) : null}
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </StaffPage>,
  )
}

function Register(props: RegistersModel & { register: RegisterState }) {
  const { frame, register, now } = props
  const { text, language, timeZone } = frame
  const { inForce, validityDays } = register
  const id = `register-${register.id}`
  const day = (at: number) => dayInWords(new Date(at), language, timeZone)
  const number = new Intl.NumberFormat(language)
  return (
    <section class="card stack" aria-labelledby={id}>
      <h2 id={id}>{titleOf(register)}</h2>
      <p class={register.state === 'fresh' ? 'state' : 'notice'}>
        <strong>{text(stateTexts[register.state])}</strong>{' '}
        {text(explainedTexts[register.state], { date: inForce === undefined ? '' : day(inForce.staleAt) })}
      </p>
      <dl class="facts">
        <dt>{text('registers.for')}</dt>
        <dd>{purposeOf(register, frame)}</dd>
        <dt>{text('registers.who')}</dt>
        <dd>{whoConsults(props)}</dd>
        <dt>{text('registers.snapshot')}</dt>
        <dd>
          {inForce === undefined
            ? text('registers.none')
            : text('registers.taken', {
                date: day(inForce.takenAt),
                days: Math.max(0, Math.floor((now - inForce.takenAt) / dayMs)),
                trusted: validityDays,
              })}
        </dd>
        <dt>{text('registers.entries')}</dt>
        <dd>{inForce === undefined ? '–' : number.format(inForce.entries)}</dd>
      </dl>
      {register.isVoluntary ? <Pledges {...props} /> : null}
      <Import {...props} />
      <Sources {...props} />
    </section>
  )
}

/** Which brands hold themselves to a list that no law asks for. */
function Pledges({ frame, register, brands }: RegistersModel & { register: RegisterState }) {
  const { text, search } = frame
  return (
    <details>
      <summary>{text('registers.pledge')}</summary>
      <form class="stack" method="post" action={`${pledgePath}${search}`}>
        <FormToken frame={frame} path={pledgePath} />
        <input type="hidden" name="register" value={register.id} />
        <fieldset class="stack">
          <legend>{text('registers.pledge.who', { register: titleOf(register) })}</legend>
          <p class="hint">{text('registers.pledge.hint')}</p>
          {brands.map(({ id, name }) => (
            <label class="choice" key={id}>
              <input type="checkbox" name="brand" value={id} checked={register.pledgedBy.includes(id)} />
              {name}
            </label>
          ))}
        </fieldset>
        <button class="button" type="submit">
          {text('registers.pledge.save')}
        </button>
      </form>
    </details>
  )
}

/** The law or code behind it, as the rule pack has it: for whoever asks why somebody was refused. */
function Sources({ frame, register }: RegistersModel & { register: RegisterState }) {
  const { text, language } = frame
  return (
    <details>
      <summary>{text('registers.sources')}</summary>
      <p>{text('registers.sources.pack', { version: register.rulePack })}</p>
      <ul class="ticks stack" lang="en">
        {register.sources.map(({ text: source, toConfirm }) => (
          <li key={source}>
            {source} {toConfirm ? <em lang={language}>{text('registers.toConfirm')}</em> : null}
          </li>
        ))}
      </ul>
    </details>
  )
}

const stateTexts = {
  fresh: 'registers.state.fresh',
  stale: 'registers.state.stale',
  missing: 'registers.state.missing',
} as const
const explainedTexts = {
  fresh: 'registers.fresh.explained',
  stale: 'registers.stale.explained',
  missing: 'registers.missing.explained',
} as const

/** A list can have millions of lines and takes minutes: it is read by a command, which goes on where it was broken off. */
function Import({ frame, register, now }: RegistersModel & { register: RegisterState }) {
  const { text, timeZone } = frame
  const today = dayForInput(new Date(now), timeZone)
  const columns = register.type === 'post' ? ' --post street,number,postcode,town' : ''
  return (
    <details>
      <summary>{text('registers.import')}</summary>
      <p>{text('registers.import.explained')}</p>
      <p>
        <code class="command">{`verzet registers import ${register.id} list.csv --taken-at ${today}${columns}`}</code>
      </p>
    </details>
  )
}

function titleOf({ id }: RegisterState): string {
  return titles.get(id) ?? id
}

/** `phone calls in Belgium, own customers too`. */
function purposeOf({ channel, country, exceptsCustomers }: RegisterState, { text, language }: StaffFrame): string {
  const where = new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country
  const what = sentenceCase(channelName(channel, text), language)
  return text(exceptsCustomers ? 'registers.for.strangers' : 'registers.for.all', { channel: what, country: where })
}

function whoConsults({ frame, register, brands: all }: RegistersModel & { register: RegisterState }): string {
  const { text, language } = frame
  if (!register.isVoluntary) return text('registers.who.all')
  const pledged = all.flatMap(({ id, name }) => (register.pledgedBy.includes(id) ? [name] : []))
  const brands = new Intl.ListFormat(language, { type: 'conjunction' }).format(pledged)
  return text('registers.who.pledged', { brands })
}

function whyNot({ isVoluntary, until }: RegisterState, { frame }: RegistersModel): string {
  const { text, language, timeZone } = frame
  if (isVoluntary) return text('registers.not.pledged')
  const date = until === undefined ? '' : dayInWords(new Date(`${until}T12:00:00Z`), language, timeZone)
  return text('registers.not.anymore', { date })
}
