/**
 * Compiles the kernel of the gate and of `verzet scrub` (AssemblyScript to WebAssembly with SIMD) into a source file of the gate, so that
 * nothing has to be compiled or found at run time. `--check` says whether that file is what the kernel compiles to.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isCommand, root } from './install.mjs'

const kernelFolder = join(root, 'packages/gate/kernel')
const binaryPath = join(root, 'packages/gate/src/scrub/kernel-binary.ts')

/** The window, what is noted of its rows, and those that are kept: 40 pages of 64 KiB. */
const pages = '40'

/** The memory comes from outside, so that several threads can work on one. */
const options =
  '-O3 --noAssert --converge --runtime stub --enable simd --enable threads --importMemory --sharedMemory --use abort= --initialMemory'
    .split(' ')
    .concat(pages, '--maximumMemory', pages)

/** What the source file of the gate has to say. */
export async function compileKernel() {
  const { default: asc } = await import('assemblyscript/asc')
  const written = new Map()
  const { error, stderr } = await asc.main(['scan-rows.ts', '--outFile', 'kernel.wasm', ...options], {
    readFile: (name) => {
      const path = join(kernelFolder, name)
      return existsSync(path) ? readFileSync(path, 'utf8') : null
    },
    writeFile: (name, contents) => void written.set(name, contents),
    listFiles: () => [],
  })
  const binary = written.get('kernel.wasm')
  if (error !== null || binary === undefined) throw new Error(`the kernel does not compile: ${stderr.toString()}`)
  const text = Buffer.from(binary).toString('base64')
  return [
    '/** What packages/gate/kernel/scan-rows.ts compiles to: made by `node scripts/build-kernel.mjs`, not by hand. */',
    'export const kernelBinary =',
    `  '${text}'`,
    '',
  ].join('\n')
}

/** One finding when the file is not what the kernel compiles to. */
export async function checkKernel() {
  const expected = await compileKernel()
  if (readFileSync(binaryPath, 'utf8') === expected) return []
  return [`${relative(root, binaryPath)}: not what the kernel compiles to; run node scripts/build-kernel.mjs`]
}

if (isCommand(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const findings = await checkKernel()
    for (const finding of findings) process.stdout.write(`${finding}\n`)
    if (findings.length > 0) process.exitCode = 1
  } else {
    const text = await compileKernel()
    writeFileSync(binaryPath, text)
    process.stdout.write(`Wrote ${relative(root, binaryPath)}, ${text.length} bytes.\n`)
  }
}
