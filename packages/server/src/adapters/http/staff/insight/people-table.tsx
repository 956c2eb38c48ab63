import type { PersonBehind } from '../../../../services/insight/people-behind.ts'
import type { TextKey } from '../../pages/text.ts'
import { momentInWords } from '../../pages/wording.ts'
import type { StaffFrame } from '../layout.tsx'
import { Scrolling } from './insight-table.tsx'
import type { NameOfValue } from './insight-words.ts'

type Props = {
  readonly frame: StaffFrame
  readonly people: readonly PersonBehind[]
  readonly nameOf: NameOfValue
  /** What the moment beside each of them is. */
  readonly when?: TextKey
}

/** Who is behind a number, with what they said where it is about that. */
export function PeopleTable({ frame, people, nameOf, when = 'insight.people.when' }: Props) {
  const { text, language, timeZone } = frame
  const saidSomething = people.some(({ signal }) => signal !== '')
  if (people.length === 0) return <p>{text('insight.people.none')}</p>
  return (
    <Scrolling label={text('insight.people')}>
      <table class="numbers">
        <caption class="out-of-sight">{text('insight.people')}</caption>
        <thead>
          <tr>
            <th scope="col">{text('insight.people.who')}</th>
            <th scope="col">{text(when)}</th>
            {saidSomething ? <th scope="col">{text('insight.dimension', { by: 'signal' })}</th> : null}
            {saidSomething ? <th scope="col">{text('insight.dimension', { by: 'reason' })}</th> : null}
          </tr>
        </thead>
        <tbody>
          {people.map(({ subjectKey, at, signal, reason, masked }) => (
            <tr key={`${subjectKey} ${at.getTime()}`}>
              <th scope="row">
                <a href={`/people/${subjectKey}${frame.search}`}>{masked}</a>
              </th>
              <td>{momentInWords(at, language, timeZone)}</td>
              {saidSomething ? <td>{nameOf('signal', signal)}</td> : null}
              {saidSomething ? <td>{reason === '' ? '' : nameOf('reason', reason)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  )
}
