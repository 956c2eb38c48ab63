/**
 * The long run of the mail fuzzing: `node scripts/fuzz-mail.mjs --count 100000 [--seed n] [--first n] [--without-oracle]`.
 * Puts mutated mails through the judge of mail that comes home and through the relay's rewriting; `npm test` does a piece
 * of it (packages/server/test/peers/fuzz.test.ts). `--show n` writes one mutant to stdout and ends. Ends with exit code 1
 * when something was found, each with the number that makes it again.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { root } from './install.mjs'

const source = join(root, 'packages/server/test/peers/fuzz')
// Below the package, so that its dependencies are found; removed as soon as it is loaded.
const bundle = join(root, 'packages/server/dist', `fuzz-mail-${process.pid}.mjs`)
const findingsShownMax = 40
const progressEvery = 2_000

/** Fixtures are found beside their sources, so each source keeps its own address within the bundle. */
const keepAddresses = {
  name: 'keep-addresses',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }))
  },
}

async function load() {
  mkdirSync(dirname(bundle), { recursive: true })
  await build({
    stdin: {
      contents: "export * from './run-fuzz.ts'\nexport * from './mutants.ts'\n",
      resolveDir: source,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@verzet/core': join(root, 'packages/core/src/index.ts') },
    plugins: [keepAddresses],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outfile: bundle,
    logLevel: 'error',
  })
  try {
    return await import(pathToFileURL(bundle).href)
  } finally {
    rmSync(bundle, { force: true })
  }
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      first: { type: 'string', default: '0' },
      show: { type: 'string' },
      'without-oracle': { type: 'boolean', default: false },
    },
  })
  const numbers = [values.count, values.seed, values.first, values.show ?? '0'].map(Number)
  if (numbers.some((number) => !Number.isSafeInteger(number) || number < 0)) {
    throw new Error('--count, --seed, --first and --show take whole numbers')
  }
  const [count, seed, first, show] = numbers
  return {
    count,
    seed,
    first,
    show: values.show === undefined ? undefined : show,
    asksOracle: !values['without-oracle'],
  }
}

const { show, ...options } = readOptions()
const { makeMutant, runFuzz } = await load()
if (show === undefined) {
  const startedAt = performance.now()
  const onProgress = (done) => {
    if (done % progressEvery === 0) process.stderr.write(`${done} of ${options.count}\n`)
  }
  const result = await runFuzz({ ...options, onProgress })
  for (const { number, story, problem } of result.findings.slice(0, findingsShownMax)) {
    process.stdout.write(`${number} (${story}): ${problem}\n`)
  }
  const { findings, ...rest } = result
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  process.stdout.write(`${JSON.stringify({ seed: options.seed, first: options.first, ...rest, seconds })}\n`)
  process.stdout.write(`${findings.length} problems found\n`)
  process.exitCode = findings.length === 0 ? 0 : 1
} else {
  const { raw, story } = makeMutant(options.seed, show)
  process.stderr.write(`${story}\n`)
  process.stdout.write(raw)
}
