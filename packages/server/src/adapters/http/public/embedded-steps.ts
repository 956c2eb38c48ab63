import { type FormQuestion, labelIn, wordsCharactersMax } from '../../../services/forms/leave-form.ts'
import { actPath, type PersonalLink, pagePath } from '../pages/acts.tsx'
import type { DoneModel } from '../pages/done-page.tsx'
import { explanation, headline } from '../pages/outcome.ts'
import type { PreferenceModel } from '../pages/preference-page.tsx'
import { marksOf } from '../pages/reason-form.tsx'
import type { Translate } from '../pages/text.ts'
import { channelList, sentenceCase } from '../pages/wording.ts'
import { type EmbeddedButton, type EmbeddedSection, sectionsAfter } from './embedded-sections.ts'
import type { Reading } from './frame.ts'

type Label = { readonly text: string; readonly lang?: string }
type Question = Label & {
  readonly kind: FormQuestion['kind']
  readonly id: string
  readonly choices: readonly (Label & { readonly id: string })[]
  readonly charactersMax?: number
  readonly hint?: string
}

/** One step of the form as the script on another site draws it: words, buttons, what may follow, then free questions. */
export type Step = {
  readonly lang: string
  readonly title: string
  readonly sentences: readonly string[]
  readonly buttons: readonly EmbeddedButton[]
  readonly sections: readonly EmbeddedSection[]
  readonly questions?: {
    readonly title: string
    readonly action: string
    readonly fields: Readonly<Record<string, string>>
    readonly items: readonly Question[]
    readonly send: string
  }
  /** GDPR art. 21(4): it goes wherever the form goes. */
  readonly right: { readonly title: string; readonly text: string }
  /** The person's own page at the hub, for everything else. */
  readonly page: { readonly label: string; readonly address: string }
}

export function firstStep(model: PreferenceModel, { text, frame, language }: Reading, place: string): Step {
  const { link, stopped, stopOnly } = model
  const channels = sentenceCase(channelList(model.channels, text, language), language)
  const button = (label: string, scope: string, explained?: string): EmbeddedButton => ({
    label,
    ...(explained !== undefined && { explained }),
    action: place + actPath(link, 'stop'),
    fields: { scope },
    isFirst: scope === 'all',
  })
  const all = `${text('stopAll.explained', { channels, controller: frame.controller.name })} ${text('stillComes')}`
  return {
    lang: language,
    title: text('page.title', { brand: frame.brand.name }),
    sentences: [
      text('page.who', { address: model.address.masked }),
      ...(stopped === undefined ? [] : [text('stopped', { controller: frame.controller.name })]),
    ],
    buttons: [
      ...(stopped === undefined ? [button(text('stopAll'), 'all', all)] : []),
      ...(stopOnly.topic === undefined ? [] : [button(text('stopTopic', { topic: stopOnly.topic }), 'topic')]),
      ...(stopOnly.channel === undefined
        ? []
        : [button(text('stopChannel', { channel: stopOnly.channel }), 'channel')]),
    ],
    sections: [],
    ...shared(link, text, place),
  }
}

/** After an act: what holds, the way back, whether it was meant, something else instead, and the questions. */
export function stepAfter(model: DoneModel, reading: Reading, place: string): Step {
  const { text, frame, language } = reading
  const { link, outcome, undo, reason } = model
  const form = reason?.form
  return {
    lang: language,
    title: headline(outcome, frame, text),
    sentences: explanation(outcome, text),
    buttons:
      // Where it is asked if the no was meant, staying is one of the answers.
      undo === undefined || model.leaving?.isAsked
        ? []
        : [
            {
              label: text('undo'),
              action: place + actPath(link, 'undo'),
              fields: { choice: undo.choiceId },
              isFirst: false,
            },
          ],
    sections: sectionsAfter(model, reading, place),
    ...(reason !== undefined &&
      form !== undefined &&
      form.questions.length > 0 && {
        questions: {
          title: reason.about === 'less' ? text('reason.title.less') : text('reason.title'),
          action: place + actPath(link, 'reason'),
          fields: { choice: reason.choiceId, form: String(form.version) },
          items: form.questions.map((question) => describe(question, language)),
          send: text('reason.send'),
        },
      }),
    ...shared(link, text, place),
  }
}

function shared(link: PersonalLink, text: Translate, place: string): Pick<Step, 'right' | 'page'> {
  return {
    right: { title: text('right.title'), text: text('right') },
    page: { label: text('grid.title'), address: place + pagePath(link) },
  }
}

function describe(question: FormQuestion, language: string): Question {
  const label = (labels: FormQuestion['labels']): Label => {
    const found = labelIn(labels, language)
    return { text: found.text, ...(found.language !== language && { lang: found.language }) }
  }
  const named = { kind: question.kind, id: question.id, ...label(question.labels) }
  if ('choices' in question) {
    return { ...named, choices: question.choices.map(({ id, labels }) => ({ id, ...label(labels) })) }
  }
  if (question.kind === 'text') return { ...named, choices: [], charactersMax: wordsCharactersMax }
  const { from, to, lowest, highest } = question
  const ends = [lowest && `${from} = ${label(lowest).text}`, highest && `${to} = ${label(highest).text}`]
  const hint = ends.filter(Boolean).join(' · ')
  const choices = marksOf(question).map((mark) => ({ id: String(mark), text: String(mark) }))
  return { ...named, choices, ...(hint !== '' && { hint }) }
}
