/**
 * Programs that some test suites talk to and that npm does not carry. On Debian and Ubuntu, as root, they are installed
 * by apt-get; elsewhere the suites that need them are skipped, by name.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What storage asks for: PostgreSQL 15 or later. */
const oldestPostgres = 15
const aptLockWaitSeconds = 300
const clusterSettings = '/etc/postgresql-common/createcluster.conf'
/** What Debian's packages ask before they start a service (invoke-rc.d(8)); 101 is "not allowed". */
const servicePolicy = '/usr/sbin/policy-rc.d'
const fluflBounce = '/usr/lib/python3/dist-packages/flufl/bounce/tests/data'
const dovecotParts = ['imap', 'lmtp', 'modules/lib90_sieve_plugin.so'].map((name) => `/usr/lib/dovecot/${name}`)

/**
 * `packages` is a list of choices, the first one that the distribution has is taken; each choice is a list of packages.
 * A suite reads its program's name in VERZET_MISSING (comma-separated) and skips itself.
 */
export const peerPrograms = [
  {
    program: 'chromium',
    find: () => onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'),
    // Debian leaves fonts to the user; without any the screenshots show boxes.
    packages: [['chromium', 'fonts-dejavu-core']],
    suites: ['pages in a real browser'],
  },
  {
    program: 'postgres',
    find: findPostgres,
    packages: [['postgresql-15'], ['postgresql']],
    suites: ['the hub on a PostgreSQL server of its own'],
    installation: withoutMainCluster,
  },
  {
    // A module of Debian's Python, told by the command that comes in the same package.
    program: 'python3-dkim',
    find: () => onPath('dkimverify'),
    packages: [['python3-dkim', 'python3-nacl']],
    suites: ['DKIM signatures verified by dkimpy'],
  },
  {
    program: 'opendkim',
    find: () => onPath('opendkim'),
    packages: [['opendkim', 'opendkim-tools']],
    suites: ['DKIM signatures verified by opendkim'],
    installation: withoutServices,
  },
  {
    program: 'flufl.bounce',
    // A module of Debian's Python again, with its recorded bounces and without a command.
    find: () => [fluflBounce].find(existsSync),
    packages: [['python3-flufl.bounce']],
    suites: ['the bounces that flufl.bounce recorded'],
  },
  {
    program: 'postfix',
    // Its master process gives each service an account of its own, which only root may.
    find: () => (process.getuid?.() === 0 ? onPath('postfix') : undefined),
    // Signing in to the relay needs the second.
    packages: [['postfix', 'libsasl2-modules']],
    suites: [
      'mail that comes home through Postfix',
      'mail that leaves through the relay between two Postfixes',
      'a relay or a next hop that is killed while mail passes',
      'a Postfix that asks the sidecar',
    ],
    installation: withoutMailServer,
  },
  {
    program: 'dovecot',
    // In its packages a program or a library each; its master process wants root as well.
    find: () => (process.getuid?.() === 0 && dovecotParts.every(existsSync) ? onPath('dovecot') : undefined),
    packages: [['dovecot-imapd', 'dovecot-lmtpd', 'dovecot-sieve']],
    suites: [
      'mail that comes home through Postfix',
      'a mailbox read over IMAP',
      'a hub that is killed while it reads a mailbox',
    ],
    installation: withoutServices,
  },
  {
    // The gateway, and the phone that its tests play.
    program: 'kannel',
    find: () =>
      ['/usr/lib/kannel/test/fakesmsc'].find((path) => isExecutable(path) && onPath('bearerbox') !== undefined),
    packages: [['kannel', 'kannel-extras']],
    suites: ['texts through Kannel'],
    installation: withoutServices,
  },
  {
    program: 'nats-server',
    find: () => onPath('nats-server'),
    packages: [['nats-server']],
    suites: [
      'the feed through NATS JetStream',
      'a hub with a broker',
      'the rights that the operator’s page gives',
      'a gate that reads from NATS JetStream',
    ],
    installation: withoutServices,
  },
  {
    program: 'swaks',
    find: () => onPath('swaks'),
    // Without the last it speaks neither TLS nor to a server by name.
    packages: [['swaks', 'libnet-ssleay-perl', 'libnet-dns-perl']],
    suites: [
      'mail that comes home through Postfix',
      'mail that leaves through the relay between two Postfixes',
      'a Postfix that asks the sidecar',
    ],
  },
  {
    program: 'mutt',
    find: () => onPath('mutt'),
    packages: [['mutt']],
    suites: ['mail that comes home through Postfix'],
  },
  {
    program: 'python3',
    find: () => onPath('python3'),
    packages: [['python3']],
    suites: ['the client for python'],
  },
  {
    program: 'php',
    find: () => onPath('php'),
    packages: [['php-cli']],
    suites: ['the client for php', 'the portal’s example in PHP'],
  },
  {
    program: 'javac',
    find: () => onPath('javac'),
    packages: [['default-jdk-headless']],
    suites: ['the portal’s example in Java'],
  },
]

/** Installs what is missing where that is possible and returns the entries that are still missing. */
export function installPeerPrograms(programs = peerPrograms) {
  const missing = programs.filter((entry) => entry.find() === undefined)
  if (missing.length === 0 || !mayInstall()) return missing
  process.stderr.write(`Installing ${missing.map((entry) => entry.program).join(' and ')} by apt-get …\n`)
  twice(['update'])
  for (const entry of missing) {
    const choice = entry.packages.find((names) => names.every(aptHas))
    if (choice === undefined) continue
    const install = () => twice(['install', '--no-install-recommends', ...choice])
    if (entry.installation === undefined) install()
    else entry.installation(install)
  }
  return missing.filter((entry) => entry.find() === undefined)
}

function mayInstall() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath('apt-get') !== undefined
}

function onPath(...names) {
  const directories = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== '')
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable)
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Debian keeps the server programs of each major version in a directory of their own, off the PATH. */
function findPostgres() {
  const home = '/usr/lib/postgresql'
  const versions = existsSync(home) ? readdirSync(home).map(Number) : []
  const recent = versions.filter((version) => version >= oldestPostgres).sort((a, b) => a - b)
  const found = recent.map((version) => join(home, String(version), 'bin/postgres')).find(isExecutable)
  return found ?? postgresOnPath()
}

function postgresOnPath() {
  const path = onPath('postgres')
  if (path === undefined) return undefined
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  return Number(/\d+/.exec(stdout ?? '')?.[0]) >= oldestPostgres ? path : undefined
}

function aptHas(name) {
  const { stdout } = spawnSync('apt-cache', ['policy', name], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  const candidate = /Candidate: (\S+)/.exec(stdout ?? '')?.[1]
  return candidate !== undefined && candidate !== '(none)'
}

/** Mirrors fail now and then: one more try, and only the second failure is shown. */
function twice(args) {
  const first = apt(args)
  const result = first.status === 0 ? first : apt(args)
  if (result.status !== 0) process.stderr.write(`apt-get ${args.join(' ')} failed:\n${result.stdout}${result.stderr}\n`)
}

function apt(args) {
  const options = ['-y', '-q', '-o', `DPkg::Lock::Timeout=${aptLockWaitSeconds}`]
  return spawnSync('apt-get', [...options, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  })
}

/**
 * Debian's server package makes and starts a cluster of its own. The tests start theirs from the programs, so that one
 * would only take memory and port 5432. Its setting is switched off during the installation and then put back.
 */
function withoutMainCluster(install) {
  twice(['install', '--no-install-recommends', 'postgresql-common'])
  if (!existsSync(clusterSettings)) return install()
  const before = readFileSync(clusterSettings, 'utf8')
  writeFileSync(clusterSettings, `${before}\ncreate_main_cluster = false\n`)
  try {
    install()
  } finally {
    writeFileSync(clusterSettings, before)
  }
}

/** The tests start what they need themselves, on ports of their own; nothing is to run beside them or after them. */
function withoutServices(install) {
  if (existsSync(servicePolicy)) return install()
  writeFileSync(servicePolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    install()
  } finally {
    rmSync(servicePolicy, { force: true })
  }
}

/** Postfix asks what kind of site this is and sets the machine up for it. It is none: no settings are written. */
function withoutMailServer(install) {
  spawnSync('debconf-set-selections', [], { input: 'postfix postfix/main_mailer_type select No configuration\n' })
  withoutServices(install)
}
