import { paintSvg } from './paint-svg.ts'

export type ChartLine = { readonly name: string; readonly values: readonly (number | null)[] }

/** What a chart shows; the same numbers stand in a table beside it. */
export type Chart = {
  /** Tells the parts of several charts on one page apart; letters and digits. */
  readonly id: string
  readonly title: string
  /** What a reader who does not see it has to know. */
  readonly summary: string
  readonly labels: readonly string[]
  readonly lines: readonly ChartLine[]
  readonly isStep?: boolean
  readonly format: (value: number) => string
  /** The end of the scale, where it is known. */
  readonly max?: number
}

/** More lines than this are not told apart, whatever their dashes. */
export const chartLinesMax = 5

const [width, height] = [720, 320]
/** Each line has its own dash and its own mark, and its name at its end: it is read without any colour. */
const dashes = ['solid', [9, 4], [2, 3], [10, 3, 2, 3], [5, 5]] as const
const marks = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle'] as const
/** More marks on a line than this would run into each other. */
const marksMax = 16
/** The mark again before the name: where lines end in one place, it says which is which. */
const signs = ['●', '■', '▲', '◆', '○'] as const

/** Stand-ins for colours, which become those of the page or of a picture on white. */
const slots = [
  '#010101',
  '#020202',
  '#030303',
  '#040404',
  '#050101',
  '#050102',
  '#050103',
  '#050104',
  '#050105',
] as const
const onPage = ['--ink', '--quiet', '--line', '--surface', '--line-1', '--line-2', '--line-3', '--line-4', '--line-5']
const onWhite = ['#1c1e21', '#53575e', '#dedad1', '#ffffff', '#0f5c4d', '#a03c10', '#34479a', '#84256f', '#6b5500']
const [ink, quiet, rule, surface] = slots
const lineSlots = slots.slice(4)

type Engine = (chart: Chart) => string
let engine: Promise<Engine> | undefined

/** A chart as SVG for a page: in the page's own colours, light and dark, with a title and a description. */
export async function chartOnPage(chart: Chart): Promise<string> {
  return withColours(
    await draw(chart),
    onPage.map((name) => `var(${name})`),
  )
}

/** The same as a picture, on white. */
export async function chartAsPng(chart: Chart): Promise<Uint8Array> {
  return paintSvg(withColours(await draw(chart), onWhite))
}

/** Some thirty kilobytes each: what a team looks at in a day. */
const drawnMax = 100
/** Drawing takes as long as twenty opt-outs, and the numbers change once in minutes: who looks again sees it again. */
const drawn = new Map<string, string>()

async function draw(chart: Chart): Promise<string> {
  engine ??= loadEngine()
  const { format, ...shown } = chart
  // How numbers are written is told by two of them: a scale of shares, and one of counts.
  const key = JSON.stringify([shown, format(0.125), format(12_345)])
  const svg = drawn.get(key) ?? (await engine)(chart)
  drawn.delete(key)
  drawn.set(key, svg)
  const [oldest] = drawn.keys()
  if (drawn.size > drawnMax && oldest !== undefined) drawn.delete(oldest)
  return svg
}

/** Loaded when the first chart is asked for: most processes draw none. */
async function loadEngine(): Promise<Engine> {
  const [core, charts, components, features, renderers] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/features'),
    import('echarts/renderers'),
  ])
  core.use([charts.LineChart, components.GridComponent, features.LabelLayout, renderers.SVGRenderer])
  return (chart) => {
    const instance = core.init(null, null, { renderer: 'svg', ssr: true, width, height })
    try {
      instance.setOption(optionOf(chart))
      return described(instance.renderToSVGString(), chart)
    } finally {
      instance.dispose()
    }
  }
}

function optionOf({ labels, lines, format, isStep, max }: Chart) {
  const axisLabel = { color: quiet, fontSize: 13 }
  // The last one ends with the lines, whose names begin there.
  const dayLabel = { ...axisLabel, alignMaxLabel: 'right' as const }
  const axisLine = { lineStyle: { color: quiet } }
  return {
    animation: false,
    textStyle: { fontFamily: 'sans-serif' },
    grid: { left: 12, right: 150, top: 16, bottom: 12, outerBoundsMode: 'same' as const },
    xAxis: {
      type: 'category' as const,
      data: [...labels],
      boundaryGap: false,
      axisLabel: dayLabel,
      axisLine,
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: 0,
      ...(max !== undefined && { max }),
      minInterval: max === undefined ? 1 : 0,
      axisLabel: { ...axisLabel, formatter: (value: number) => format(value) },
      splitLine: { lineStyle: { color: rule } },
    },
    series: lines.slice(0, chartLinesMax).map(({ name, values }, index) => {
      const color = lineSlots[index % lineSlots.length] ?? ink
      const dash = dashes[index % dashes.length] ?? 'solid'
      const every = Math.ceil(values.length / marksMax)
      return {
        type: 'line' as const,
        name,
        data: values.map((value, place) => (place % every === 0 ? { value } : { value, symbol: 'none' })),
        ...(isStep && { step: 'end' as const }),
        symbol: marks[index % marks.length] ?? 'circle',
        symbolSize: 7,
        showAllSymbol: true,
        lineStyle: { color, width: 2.5, type: typeof dash === 'string' ? dash : [...dash] },
        itemStyle: { color },
        endLabel: {
          show: true,
          formatter: `${signs[index % signs.length]} ${name.length > 19 ? `${name.slice(0, 18)}…` : name}`,
          color: ink,
          fontSize: 13,
          textBorderColor: surface,
          textBorderWidth: 3,
        },
        labelLayout: { moveOverlap: 'shiftY' as const },
        emphasis: { disabled: true },
      }
    }),
  }
}

/**
 * What the page's policy and its readers ask for: no style sheet and no style attributes inside, ids of its own, a
 * title and a description (WAI-ARIA Graphics Module, role img).
 */
function described(svg: string, { id, title, summary }: Chart): string {
  const body = svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ style="([^"]*)"/g, (_, style: string) => attributesOf(style))
    .replace(/ (?:class|pointer-events|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/zr\d+-/g, `${id}-`)
  const named = ` role="img" aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${escaped(title)}</title>`
  return body.replace('>', `${named}<desc id="${id}-text">${escaped(summary)}</desc>`)
}

function attributesOf(style: string): string {
  const pairs = style.split(';').filter((one) => one.includes(':'))
  return pairs.map((one) => ` ${one.slice(0, one.indexOf(':'))}="${one.slice(one.indexOf(':') + 1)}"`).join('')
}

function withColours(svg: string, colours: readonly string[]): string {
  return slots.reduce((text, slot, index) => text.replaceAll(slot, colours[index] ?? slot), svg)
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
