import { wilsonInterval } from '@verzet/core'
import type { Insight } from '../../../../services/insight/read-insight.ts'
import { type CadenceLife, type KeptBy, lifeWeeks } from '../../../../services/insight/read-lives.ts'
import type { KeptPart } from '../../../../storage/insight-leaves.ts'
import type { Translate } from '../../pages/text.ts'
import type { StaffFrame } from '../layout.tsx'
import { CountLink } from './count-link.tsx'
import type { Numbers } from './insight-numbers.ts'
import { channelName, type NameOfValue } from './insight-words.ts'

type Words = { readonly frame: StaffFrame; readonly numbers: Numbers }

/** Below this many an interval is as good as everything. */
const passedMin = 5

type KeptProps = Words & {
  readonly kept: readonly KeptBy[]
  /** Left out where the reader may not see people. */
  readonly hrefOf?: (alternative: string, part: KeptPart) => string
}

export function KeptTable({ frame, kept, numbers, hrefOf }: KeptProps) {
  const { text } = frame
  const count = (alternative: string, part: KeptPart, value: number) => (
    <CountLink
      frame={frame}
      href={value > 0 ? hrefOf?.(alternative, part) : undefined}
      shown={numbers.count(value)}
      of={`${alternativeName(text, alternative)}, ${text(`insight.${part}`)}`}
    />
  )
  return (
    <table class="numbers">
      <caption class="out-of-sight">{text('insight.kept')}</caption>
      <thead>
        <tr>
          <th scope="col">{text('insight.alternative')}</th>
          <th scope="col">{text('insight.taken')}</th>
          <th scope="col">{text('insight.passed')}</th>
          <th scope="col">{text('insight.stayed')}</th>
        </tr>
      </thead>
      <tbody>
        {kept.map(({ alternative, taken, passed, stayed, still }) => (
          <tr key={alternative}>
            <th scope="row">{alternativeName(text, alternative)}</th>
            <td>{count(alternative, 'taken', taken)}</td>
            <td>{count(alternative, 'passed', passed)}</td>
            <td>
              {still === undefined || passed < passedMin ? (
                text('insight.changed', { change: 'too_few' })
              ) : (
                <>
                  {count(alternative, 'stayed', stayed)} · {numbers.percent(still.share)}{' '}
                  <small>({numbers.rangePercent(still)})</small>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What an alternative is called: `less:1/month` is its kind and how it was configured. A bare `pause` says no days. */
export function alternativeName(text: Translate, alternative: string): string {
  const [kind = '', detail = ''] = alternative.split(':')
  const [max = '', per = ''] = detail.split('/')
  const isWhole = kind !== 'pause' || detail !== ''
  const shown = kind === 'other_channel' ? channelName(text, detail) : detail
  return text('insight.alternativeName', { id: isWhole ? kind : 'pause_until', detail: shown, max, per })
}

type AnswersProps = Words & {
  readonly answers: Insight
  readonly nameOf: NameOfValue
  readonly hrefOf?: (answer: string) => string
}

export function AnswersTable({ frame, answers, numbers, nameOf, hrefOf }: AnswersProps) {
  const { text } = frame
  const { count: total } = answers.total
  return (
    <table class="numbers">
      <caption class="out-of-sight">{text('insight.answers')}</caption>
      <thead>
        <tr>
          <th scope="col">{text('insight.answer')}</th>
          <th scope="col">{text('insight.count')}</th>
          <th scope="col">{text('insight.share')}</th>
        </tr>
      </thead>
      <tbody>
        {answers.lines
          .filter(({ count }) => count > 0)
          .map(({ value, count }) => (
            <tr key={value}>
              <th scope="row">{nameOf('answer', value)}</th>
              <td>
                <CountLink
                  frame={frame}
                  href={hrefOf?.(value)}
                  shown={numbers.count(count)}
                  of={nameOf('answer', value)}
                />
              </td>
              <td>
                {numbers.percent(count / total)} <small>({numbers.rangePercent(wilsonInterval(count, total))})</small>
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}

type LivesProps = Words & { readonly lives: readonly CadenceLife[]; readonly hrefOf?: (cadence: string) => string }

export function LivesTable({ frame, lives, numbers, hrefOf }: LivesProps) {
  const { text } = frame
  return (
    <table class="numbers">
      <caption class="out-of-sight">{text('insight.lives')}</caption>
      <thead>
        <tr>
          <th scope="col">{text('insight.often')}</th>
          <th scope="col">{text('insight.peopleCount')}</th>
          {lifeWeeks.map((weeks) => (
            <th scope="col" key={weeks}>
              {text('insight.afterWeeks', { weeks })}
            </th>
          ))}
          <th scope="col">{text('insight.median')}</th>
        </tr>
      </thead>
      <tbody>
        {lives.map(({ cadence, people, still, medianWeeks }) => (
          <tr key={cadence}>
            <th scope="row">{text('insight.cadence', { cadence })}</th>
            <td>
              <CountLink
                frame={frame}
                href={hrefOf?.(cadence)}
                shown={numbers.count(people)}
                of={text('insight.cadence', { cadence })}
              />
            </td>
            {lifeWeeks.map((weeks) => {
              const known = still.find((one) => one.weeks === weeks)
              if (known === undefined) return <td key={weeks}>{text('insight.changed', { change: 'too_few' })}</td>
              return (
                <td key={weeks}>
                  {numbers.percent(known.share)} <small>({numbers.rangePercent(known)})</small>
                </td>
              )
            })}
            <td>
              {medianWeeks === undefined ? text('insight.median.none') : text('insight.weeks', { weeks: medianWeeks })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
