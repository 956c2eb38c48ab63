/**
 * `npm start`: installs and builds when needed, then becomes the hub. The hub runs in this very process, so that
 * signals reach it and its exit code is ours. stdout is the hub's alone.
 *
 * No static imports, no top-level await: an old Node must get as far as the message below.
 */
const oldestNode = [20, 19]

function nodeIsTooOld() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])
}

async function start() {
  const { ensureInstalled } = await import('./install.mjs')
  await ensureInstalled()
  const { bundlePath, ensureBuilt } = await import('./build.mjs')
  await ensureBuilt()
  const { pathToFileURL } = await import('node:url')
  const args = process.argv.slice(2)
  const command = args.includes('--no-demo') ? 'serve' : 'demo'
  const passedOn = args.filter((arg) => arg !== '--no-demo')
  process.argv = [process.argv[0], bundlePath, command, ...passedOn]
  return () => import(pathToFileURL(bundlePath).href)
}

function complain(error) {
  // esbuild has already printed what it found, with the place.
  process.stderr.write(Array.isArray(error.errors) ? 'The build failed; see above.\n' : `${error.message}\n`)
  process.exit(error.exitCode || 1)
}

if (nodeIsTooOld()) {
  process.stderr.write(`Verzet needs Node ${oldestNode.join('.')} or later; this is Node ${process.versions.node}.\n`)
  process.exitCode = 1
} else {
  // The import stands outside `complain`: what the hub itself throws keeps its stack.
  start().then((becomeTheHub) => becomeTheHub(), complain)
}
