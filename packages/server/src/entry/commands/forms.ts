import type { Command } from 'commander'
import { z } from 'zod'
import { type FormQuestion, type LeaveForm, labelIn, questionsSchema } from '../../services/forms/leave-form.ts'
import { publishLeaveForm } from '../../services/forms/publish-leave-form.ts'
import { formOf, readPublishedForm } from '../../services/forms/read-leave-form.ts'
import { countLeaveAnswers } from '../../storage/leave-answers.ts'
import { listLeaveForms } from '../../storage/leave-forms.ts'
import { brandNamed } from '../brand-option.ts'
import { hubCommand, jsonOption, type PlaceOptions, plainCommand, print, printJson, withHub } from '../command-frame.ts'
import { dataProblem, exitCodes } from '../exit-codes.ts'
import { findingLine } from '../finding-lines.ts'
import { readJson } from '../read-json.ts'

type BrandOptions = PlaceOptions & { brand: string; json?: boolean }

/** Questions alone, or a form as `verzet forms show --json` prints it. */
const formFileSchema = z.union([
  questionsSchema,
  z.object({ questions: questionsSchema }).transform(({ questions }) => questions),
])
/** A terminal shows no more that anybody reads; the API gives all. */
const countsMax = 1_000
const periodMs = 732 * 86_400_000

export function addFormsCommand(program: Command): void {
  const of = (command: Command) => command.requiredOption('--brand <brand>', 'whose questions').addOption(jsonOption())
  const show = of(
    hubCommand('show', 'show the questions that are asked after a no', ['verzet forms show --brand shop']),
  ).action(showForm)
  const set = of(
    hubCommand('set', 'publish questions from JSON as the next version', [
      'verzet forms show --brand shop --json > form.json',
      'verzet forms set form.json --brand shop',
    ]),
  )
    .argument('<file>', 'JSON file, or - for stdin')
    .action(setForm)
  const versions = of(
    hubCommand('versions', 'list every version that was published', ['verzet forms versions --brand shop']),
  ).action(listVersions)
  const answers = of(
    hubCommand('answers', 'count what was answered, and what people did afterwards', [
      'verzet forms answers --brand shop --json',
    ]),
  ).action(countAnswers)
  const group = plainCommand('forms', 'the questions asked after a no', ['verzet forms show --brand shop'])
  program.addCommand([show, set, versions, answers].reduce((all, command) => all.addCommand(command), group))
}

async function showForm(options: BrandOptions): Promise<void> {
  await withHub(options, async (hub) => {
    const form = await readPublishedForm(hub, brandNamed(hub.catalog, options.brand))
    if (options.json) printJson(form)
    else for (const line of formLines(form)) print(line)
    return exitCodes.ok
  })
}

function formLines({ version, questions }: LeaveForm): string[] {
  const name = version === 0 ? 'the built-in questions' : `version ${version}`
  return [name, ...questions.flatMap(questionLines)]
}

function questionLines(question: FormQuestion): string[] {
  const label = labelIn(question.labels, 'en').text
  const choices =
    'choices' in question
      ? question.choices.map(
          ({ id, labels, alert }) => `    ${id}  ${labelIn(labels, 'en').text}${alert ? '  (alert)' : ''}`,
        )
      : []
  const range = question.kind === 'scale' ? ` ${question.from} to ${question.to}` : ''
  return [`  ${question.id} (${question.kind}${range})  ${label}`, ...choices]
}

async function setForm(file: string, options: BrandOptions): Promise<void> {
  const questions = await readJson(file, formFileSchema)
  await withHub(options, async (hub) => {
    const outcome = await publishLeaveForm(hub, brandNamed(hub.catalog, options.brand), questions, 'command forms')
    if (outcome.kind === 'refused') {
      const lines = outcome.findings.map((finding) => `  ${findingLine(hub, finding)}`)
      throw dataProblem(`these questions break a rule of the pages and were not published:\n${lines.join('\n')}`)
    }
    if (options.json) printJson(outcome.form)
    else if (outcome.kind === 'unchanged') print(`Version ${outcome.form.version} asks this already.`)
    else print(`Published version ${outcome.form.version}.`)
    return exitCodes.ok
  })
}

async function listVersions(options: BrandOptions): Promise<void> {
  await withHub(options, async (hub) => {
    const rows = await listLeaveForms(hub.db, brandNamed(hub.catalog, options.brand).id)
    const versions = rows.map((row) => ({ ...formOf(row), publishedAt: row.publishedAt.toISOString() }))
    if (options.json) printJson(versions)
    for (const { version, publishedAt, questions } of options.json ? [] : versions) {
      print(`${version}  ${publishedAt}  ${questions.map(({ id }) => id).join(', ') || 'asks nothing'}`)
    }
    return exitCodes.ok
  })
}

async function countAnswers(options: BrandOptions): Promise<void> {
  await withHub(options, async (hub) => {
    const { id: brand } = brandNamed(hub.catalog, options.brand)
    const to = hub.clock() + 1
    const counts = await countLeaveAnswers(hub.db, { brand, from: to - periodMs, to, limit: countsMax })
    if (options.json) printJson(counts)
    for (const { question, picked, topic, channel, campaign, afterwards, count } of options.json ? [] : counts) {
      const brought = [topic, channel, campaign].filter((part) => part !== null).join('/')
      print(`${count}  ${question}: ${picked ?? '(free text)'}  ${brought}  ${afterwards}`)
    }
    return exitCodes.ok
  })
}
