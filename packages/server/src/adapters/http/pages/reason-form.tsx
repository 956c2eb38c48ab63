import { ActForm, Button, type PersonalLink } from './acts.tsx'
import { type BroughtBy, broughtInWords } from './brought-by.ts'
import type { PageFrame } from './layout.tsx'
import type { TextKey, Translate } from './text.ts'

export type Reason = { readonly id: string; readonly label: string }

export type ReasonModel = {
  /** `less`: asked after a pause or a limit, where nobody is leaving. */
  readonly about?: 'leaving' | 'less'
  /** The choice that the reason is about. */
  readonly choiceId: string
  /** The brand's list in the reader's language, or `defaultReasons`. */
  readonly options: readonly Reason[]
  readonly commentCharsMax: number
  readonly broughtBy?: BroughtBy
}

const ownReasons: readonly { id: string; key: TextKey }[] = [
  { id: 'too_many', key: 'reason.tooMany' },
  { id: 'not_relevant', key: 'reason.notRelevant' },
  { id: 'never_asked', key: 'reason.neverAsked' },
  { id: 'privacy', key: 'reason.privacy' },
  { id: 'other_channel', key: 'reason.otherChannel' },
  { id: 'temporary', key: 'reason.temporary' },
  { id: 'other', key: 'reason.other' },
]

/** The reasons offered where the brand has no list of its own. */
export function defaultReasons(text: Translate): readonly Reason[] {
  return ownReasons.map(({ id, key }) => ({ id, label: text(key) }))
}

type ReasonProps = { model: ReasonModel; frame: PageFrame; link: PersonalLink; text: Translate }

/** Asked once the no is stored, on the same page, and free to leave alone (EDPB 03/2022). Nothing is ticked. */
export function ReasonForm({ model, frame, link, text }: ReasonProps) {
  const title = model.about === 'less' ? text('reason.title.less') : text('reason.title')
  return (
    <section class="card stack" aria-labelledby="reason">
      <h2 id="reason">{title}</h2>
      {model.broughtBy === undefined ? null : <p class="quiet-text">{broughtInWords(model.broughtBy, frame, text)}</p>}
      <ActForm link={link} act="reason" hidden={{ choice: model.choiceId }}>
        <fieldset>
          <legend class="out-of-sight">{title}</legend>
          {model.options.map(({ id, label }) => (
            <label class="choice" key={id}>
              <input type="radio" name="reason" value={id} />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="comment">{text('reason.comment')}</label>
          <textarea id="comment" name="comment" rows={4} maxLength={model.commentCharsMax} />
        </div>
        <Button fit>{text('reason.send')}</Button>
      </ActForm>
    </section>
  )
}
