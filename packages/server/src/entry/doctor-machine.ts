import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import type { HashSecrets } from '@verzet/core'
import type { Config } from './config.ts'
import { type Check, fail, ok, reasonOf, warn } from './doctor-check.ts'
import { openSecrets, readSecretsFile, secretsPath } from './secrets.ts'

/** The oldest Node that has everything used here (package.json, engines). */
const nodeMin = [20, 19] as const
/** Below this a busy day fills the disk. */
const freeBytesMin = 1024 ** 3

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const isEnough = major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])
  if (isEnough) return ok('node', `Node ${version}`)
  return fail('node', `Node ${version} is too old`, `Install Node ${nodeMin.join('.')} or later.`)
}

export async function checkDataDirectory(config: Config): Promise<Check[]> {
  const { dataDir } = config
  const place = await nearestExisting(dataDir)
  try {
    await access(place, constants.W_OK)
  } catch {
    return [
      fail(
        'data directory',
        `${dataDir} cannot be written to`,
        'Start Verzet as the user it belongs to, or choose another with --data.',
      ),
    ]
  }
  const { bavail, bsize } = await statfs(place)
  const free = bavail * bsize
  const gigabytes = `${(free / 1024 ** 3).toFixed(1)} GB free`
  const state =
    place === dataDir
      ? ok('data directory', dataDir)
      : ok('data directory', `${dataDir} will be made at the first start`)
  if (free >= freeBytesMin) return [state, ok('disk', gigabytes)]
  return [
    state,
    warn('disk', `${gigabytes} where the data directory is`, 'Make room: a full disk refuses every no with an error.'),
  ]
}

async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path)
    return path
  } catch {
    return nearestExisting(dirname(path))
  }
}

/** The check of the pepper, and the keys made from it, when there are secrets to make them from; none are made here. */
export function checkSecrets(config: Config): { check: Check; pepperCheck?: Buffer; hash?: HashSecrets } {
  const { pepper, link_keys: linkKeys, dataDir } = config
  try {
    if (pepper !== undefined || linkKeys !== undefined) {
      if (pepper === undefined || linkKeys === undefined) {
        return {
          check: fail('secrets', 'only one of VERZET_PEPPER and VERZET_LINK_KEYS is set', 'Set both or neither.'),
        }
      }
      const keys = linkKeys.split(',').map((pair) => pair.split(':'))
      const file = { pepper, linkKeys: keys.map(([id, secret = '']) => ({ id: Number(id), secret })) }
      const { pepperCheck, hash } = openSecrets(file)
      return { check: ok('secrets', 'from the environment'), pepperCheck, hash }
    }
    const secrets = readSecretsFile(dataDir)
    if (secrets === undefined) {
      return {
        check: warn('secrets', 'there are none yet', 'The first start makes them; then run "verzet keys backup".'),
      }
    }
    const { pepperCheck, hash } = openSecrets(secrets)
    return { check: ok('secrets', `${secretsPath(dataDir)}, readable by its owner only`), pepperCheck, hash }
  } catch (error) {
    return {
      check: fail(
        'secrets',
        reasonOf(error),
        'Restore them with "verzet keys restore": without the pepper no earlier no is recognised.',
      ),
    }
  }
}

/** Taken is only a warning: it may be the hub itself that runs. */
export function checkPort({ host, port }: Config): Promise<Check> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE'
      resolve(
        isTaken
          ? warn('port', `${host}:${port} is in use`, 'Fine when the hub is running; else choose another with --port.')
          : fail(
              'port',
              `${host}:${port} cannot be listened on: ${error.message}`,
              'Choose another with VERZET_HOST and VERZET_PORT.',
            ),
      )
    })
    server.listen(port, host, () => server.close(() => resolve(ok('port', `${host}:${port} is free`))))
  })
}
