// packages/server/src/storage/embedded/start.ts
import { chmod as chmod3, mkdir as mkdir5, realpath as realpath2 } from "node:fs/promises";
import { join as join6 } from "node:path";

// packages/server/src/storage/retry.ts
import pg from "pg";
var sqlState = {
  serializationFailure: "40001",
  deadlockDetected: "40P01",
  uniqueViolation: "23505",
  duplicateTable: "42P07",
  objectInUse: "55006",
  invalidAuthorization: "28000",
  unknownDatabase: "3D000",
  cannotConnectNow: "57P03"
};
function readSqlState(error) {
  return error instanceof pg.DatabaseError ? error.code : void 0;
}
function sleep(delayMs) {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

// packages/server/src/storage/embedded/account.ts
import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname } from "node:path";

// packages/server/src/storage/embedded/unavailable.ts
var EmbeddedPostgresUnavailable = class extends Error {
  code = "embedded_postgres_unavailable";
  name = "EmbeddedPostgresUnavailable";
  constructor(reason, options) {
    super(`${/[.!?]$/.test(reason) ? reason : `${reason}.`} Or set DATABASE_URL to a PostgreSQL server of your own (15 or later).`, options);
  }
};
function explainDiskError(error, path) {
  if (!(error instanceof Error && "code" in error)) return error;
  switch (error.code) {
    case "EACCES":
    case "EPERM":
      return unavailable(`This user may not write to ${path}. Start Verzet as the user it belongs to.`, error);
    case "EROFS":
      return unavailable(`The disk of ${path} may only be read. Choose another data directory.`, error);
    case "ENOSPC":
    case "EDQUOT":
      return unavailable(`The disk of ${path} is full. Make room.`, error);
    default:
      return error;
  }
}
function unavailable(reason, cause) {
  return new EmbeddedPostgresUnavailable(reason, { cause });
}

// packages/server/src/storage/embedded/account.ts
var accountNames = ["verzet", "postgres", "nobody"];
function isRoot() {
  return process.geteuid?.() === 0;
}
function readOwnName() {
  try {
    return userInfo().username;
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(
      `The user id ${process.geteuid?.() ?? ""} this process runs under has no name on this machine, which PostgreSQL does not accept. Run it as a named user.`,
      { cause }
    );
  }
}
async function findUnprivilegedAccount() {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n").map((line) => line.split(":"));
  for (const wanted of accountNames) {
    const [, , uid = "", gid = ""] = lines.find(([name]) => name === wanted) ?? [];
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new EmbeddedPostgresUnavailable(
    "PostgreSQL refuses to run as root, and this machine has no user named verzet, postgres or nobody to run it as. Start Verzet as an ordinary user."
  );
}
async function canReach(account, path) {
  const { uid, gid, mode } = await stat(path);
  const passes = uid === account.uid ? mode & 64 : gid === account.gid ? mode & 8 : mode & 1;
  if (passes === 0) return false;
  const above = dirname(path);
  return above === path || await canReach(account, above);
}

// packages/server/src/storage/embedded/binaries.ts
import { constants, existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile as readFile2, rename, rm, statfs, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname as dirname2, join } from "node:path";
var freeBytesMin = 256 * 1024 * 1024;
async function installBinaries(home) {
  const packageDir = locatePackage();
  const version = await readVersion(packageDir);
  const root = join(home, "postgres-bin");
  const target = join(root, version);
  if (!existsSync(target)) {
    await assertFreeSpace(home);
    await mkdir(root, { recursive: true });
    await clearLeftovers(root);
    const unfinished = `${target}.new`;
    await copyNative(join(packageDir, "native"), unfinished);
    await rename(unfinished, target);
  }
  return {
    postgres: join(target, "bin", "postgres"),
    initdb: join(target, "bin", "initdb"),
    majorVersion: Number.parseInt(version, 10)
  };
}
async function assertFreeSpace(home) {
  const { bavail, bsize } = await statfs(home);
  if (bavail * bsize < freeBytesMin) {
    throw new EmbeddedPostgresUnavailable(
      `The disk of ${home} has ${Math.floor(bavail * bsize / 1024 / 1024)} MB left; the embedded database needs 256 MB to begin.`
    );
  }
}
function locatePackage() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname2(createRequire(import.meta.url).resolve(name)), "..");
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(
      `There is no embedded database for ${process.platform} on ${process.arch}: the optional package ${name} is not installed. Install it where it exists.`,
      { cause }
    );
  }
}
async function readVersion(packageDir) {
  const manifest = JSON.parse(await readFile2(join(packageDir, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
    if (typeof manifest.version === "string" && /^\d+\.\d+/.test(manifest.version)) return manifest.version;
  }
  throw new EmbeddedPostgresUnavailable(`The package in ${packageDir} has no version. Install it again.`);
}
async function clearLeftovers(root) {
  for (const entry of await readdir(root)) {
    if (entry.endsWith(".new")) await rm(join(root, entry), { recursive: true, force: true });
  }
}
var modules = ["plpgsql", "dict_snowball"];
function isNeeded(source) {
  const file = basename(source);
  const directory = basename(dirname2(source));
  if (file.endsWith(".a") || file === "pkgconfig" || file === "pgxs") return false;
  if (directory === "extension") return modules.some((module) => file.startsWith(module));
  return !(directory === "postgresql" && file.endsWith(".so")) || modules.includes(basename(file, ".so"));
}
async function copyNative(native, target) {
  await cp(native, target, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    verbatimSymlinks: true,
    filter: (source) => isNeeded(source)
  });
  for (const link of await readLinks(native)) {
    const path = join(target, link.path);
    if (!existsSync(path)) await symlink(link.pointsTo, path);
  }
}
async function readLinks(native) {
  const listed = join(native, "pg-symlinks.json");
  if (!existsSync(listed)) return [];
  const entries = JSON.parse(await readFile2(listed, "utf8"));
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry) => {
    if (typeof entry !== "object" || entry === null || !("source" in entry) || !("target" in entry)) return [];
    const path = String(entry.target).replace(/^native\//, "");
    const pointsTo = basename(String(entry.source));
    return path.includes("..") ? [] : [{ path, pointsTo }];
  });
}

// packages/server/src/storage/embedded/cluster.ts
import { execFile } from "node:child_process";
import { existsSync as existsSync3 } from "node:fs";
import { chmod as chmod2, chown as chown2, mkdir as mkdir3, readFile as readFile3, rename as rename2, rm as rm2, writeFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { join as join3 } from "node:path";
import { promisify } from "node:util";

// packages/server/src/storage/embedded/place.ts
import { createHash, randomBytes } from "node:crypto";
import { existsSync as existsSync2 } from "node:fs";
import { chmod, chown, lstat, mkdir as mkdir2, realpath, stat as stat2, symlink as symlink2 } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname as dirname3, join as join2 } from "node:path";
var sharedHome = "/var/lib/verzet";
var socketPathBytesMax = 103;
var socketFile = ".s.PGSQL.5432.lock";
async function findPlace(dataDir) {
  const cluster = join2(dataDir, "postgres");
  const existing = existsSync2(cluster) ? await realpath(cluster) : void 0;
  const account = await findAccount(existing);
  const home = existing ? dirname3(existing) : await findHome(dataDir, account);
  const place = {
    dataDir,
    home,
    clusterDir: join2(home, "postgres"),
    settingsDir: join2(home, "postgres-conf"),
    logFile: join2(dataDir, "postgres.log"),
    account
  };
  return { ...place, socketDir: await makeSocketDir(home, account) };
}
async function linkCluster(place) {
  const cluster = join2(place.dataDir, "postgres");
  if (!existsSync2(cluster)) await symlink2(place.clusterDir, cluster);
}
async function findAccount(existingCluster) {
  const owner = existingCluster ? await stat2(existingCluster) : void 0;
  if (!isRoot()) {
    if (!owner || owner.uid === process.geteuid?.()) return void 0;
    throw new EmbeddedPostgresUnavailable(
      `The database in ${existingCluster} belongs to another user (id ${owner.uid}). Start Verzet as the user who started it before.`
    );
  }
  if (!owner || !existingCluster) return await findUnprivilegedAccount();
  const account = { uid: owner.uid, gid: owner.gid };
  if (await canReach(account, existingCluster)) return account;
  throw new EmbeddedPostgresUnavailable(
    `The database in ${existingCluster} runs under user id ${owner.uid}, who may not pass through the directories above it. Allow that (chmod o+x).`
  );
}
async function findHome(dataDir, account) {
  if (!account || await canReach(account, dataDir)) return dataDir;
  const home = join2(sharedHome, randomBytes(8).toString("hex"));
  await mkdir2(home, { recursive: true, mode: 457 });
  await Promise.all([chmod(sharedHome, 457), chmod(home, 457)]);
  if (await canReach(account, home)) return home;
  throw new EmbeddedPostgresUnavailable(
    `PostgreSQL does not run as root, and user id ${account.uid} can reach neither ${dataDir} nor ${home}. Choose another --data directory.`
  );
}
async function makeSocketDir(home, account) {
  const inside = join2(home, "postgres-socket");
  const short = Buffer.byteLength(join2(inside, socketFile)) <= socketPathBytesMax;
  const name = createHash("sha256").update(home).digest("hex").slice(0, 16);
  const socketDir = short ? inside : join2(tmpdir(), `verzet-${name}`);
  await mkdir2(socketDir, { mode: 448 }).catch((error) => {
    if (!existsSync2(socketDir)) throw error;
  });
  await own(socketDir, account);
  return socketDir;
}
async function own(socketDir, account) {
  const found = await lstat(socketDir);
  const ours = [process.geteuid?.(), account?.uid].includes(found.uid);
  if (!found.isDirectory() || !ours) {
    throw new EmbeddedPostgresUnavailable(`${socketDir} exists and belongs to another user. Remove it.`);
  }
  if (account && found.uid !== account.uid) await chown(socketDir, account.uid, account.gid);
  await chmod(socketDir, 448);
}

// packages/server/src/storage/embedded/cluster.ts
var superuserName = "postgres";
var roleName = "verzet";
var databaseName = "verzet";
var serverEnvironment = { PATH: "/usr/bin:/bin", LANG: "C", LC_ALL: "C" };
var initdbTimeoutMs = 12e4;
async function ensureCluster(place, binaries) {
  if (!existsSync3(place.clusterDir)) await createCluster(place, binaries);
  await linkCluster(place);
  const version = Number.parseInt(await readFile3(join3(place.clusterDir, "PG_VERSION"), "utf8"), 10);
  if (version === binaries.majorVersion) return;
  throw new EmbeddedPostgresUnavailable(
    `The database in ${place.clusterDir} was made by PostgreSQL ${version}, and this Verzet brings ${binaries.majorVersion}. Export it with the Verzet that made it, and restore it here.`
  );
}
async function createCluster(place, binaries) {
  const unfinished = `${place.clusterDir}.new`;
  await rm2(unfinished, { recursive: true, force: true });
  await mkdir3(unfinished, { mode: 448 });
  if (place.account) await chown2(unfinished, place.account.uid, place.account.gid);
  const flags = [
    `--pgdata=${unfinished}`,
    `--username=${superuserName}`,
    "--auth=peer",
    "--encoding=UTF8",
    "--locale=C",
    // The same order of text on every machine and after every upgrade of the system's libraries.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions"
  ];
  try {
    await promisify(execFile)(binaries.initdb, flags, {
      ...place.account,
      cwd: "/",
      env: serverEnvironment,
      timeout: initdbTimeoutMs
    });
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(explainInitdb(place, cause), { cause });
  }
  await rename2(unfinished, place.clusterDir);
}
function explainInitdb(place, error) {
  if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EACCES")) {
    return `The PostgreSQL binaries in ${place.home} do not run on this system (${error.code}; on Linux they need glibc and a disk without noexec).`;
  }
  const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
  const full = said.includes("No space left") ? "the disk is full: " : "";
  return `The embedded database could not be made in ${place.home}: ${full}${said.trim().split("\n").slice(-3).join(" ")}`;
}
async function writeSettings(place, options) {
  const { settingsDir, account } = place;
  await mkdir3(settingsDir, { recursive: true });
  await chmod2(settingsDir, account ? 493 : 448);
  const names = [.../* @__PURE__ */ new Set(["root", readOwnName()])];
  await Promise.all([
    writeWhole(join3(settingsDir, "postgresql.conf"), settings(place, options)),
    writeWhole(join3(settingsDir, "pg_hba.conf"), "local all all peer map=hub\n"),
    writeWhole(
      join3(settingsDir, "pg_ident.conf"),
      names.flatMap((name) => [`hub "${name}" ${superuserName}
`, `hub "${name}" ${roleName}
`]).join("")
    )
  ]);
  const ownSettings = join3(settingsDir, "local.conf");
  if (!existsSync3(ownSettings)) await writeFile(ownSettings, "# Settings of your own, read last at every start.\n");
  for (const file of ["postgresql.conf", "pg_hba.conf", "pg_ident.conf", "local.conf"]) {
    await chmod2(join3(settingsDir, file), 420);
  }
}
async function writeWhole(path, text) {
  await writeFile(`${path}.new`, text);
  await rename2(`${path}.new`, path);
}
function settings(place, options) {
  const memoryMegabytes = (process.constrainedMemory?.() || totalmem()) / 1024 / 1024;
  const wanted = options.testing ? 64 : Math.min(256, memoryMegabytes / 8);
  const quote = (path) => `'${path.replaceAll("'", "''")}'`;
  return `# Written by Verzet at every start. Your own settings go into local.conf beside this file; they come last and win.
hba_file = ${quote(join3(place.settingsDir, "pg_hba.conf"))}
ident_file = ${quote(join3(place.settingsDir, "pg_ident.conf"))}
listen_addresses = ''
port = 5432
unix_socket_directories = ${quote(place.socketDir)}
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = ${Math.max(32, Math.floor(wanted))}MB

# A no that was answered must survive the power going out in the next moment.
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = on
checkpoint_timeout = 15min

# Statements are short, and parallel workers want shared memory that a container may not have.
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
jit = off

# The log is about the server. An error of a statement may quote what a person wrote, so it goes to the client alone:
# "log" is the level above "error" in this list.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_min_duration_statement = -1
log_autovacuum_min_duration = -1
log_lock_waits = off
log_checkpoints = off
log_temp_files = -1
logging_collector = off
log_destination = stderr
log_line_prefix = '%m [%p] '
log_timezone = UTC
timezone = UTC

include = 'local.conf'
`;
}

// packages/server/src/storage/embedded/directory-lock.ts
import { randomBytes as randomBytes2 } from "node:crypto";
import { mkdir as mkdir4, readdir as readdir2, rename as rename3, rm as rm3, rmdir, unlink, writeFile as writeFile2 } from "node:fs/promises";
import { join as join4 } from "node:path";

// packages/server/src/storage/embedded/process-table.ts
import { execFile as execFile2 } from "node:child_process";
import { readFile as readFile4 } from "node:fs/promises";
import { promisify as promisify2 } from "node:util";
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
async function readCommandLine(pid) {
  try {
    if (process.platform === "linux") return (await readFile4(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
    return (await promisify2(execFile2)("ps", ["-o", "command=", "-p", String(pid)])).stdout.trim();
  } catch {
    return "";
  }
}
async function readStartTicks(pid) {
  try {
    const stat4 = await readFile4(`/proc/${pid}/stat`, "utf8");
    return stat4.slice(stat4.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}

// packages/server/src/storage/embedded/directory-lock.ts
var pollMs = 25;
var waitMaxMs = 18e4;
async function withDirectoryLock(path, work) {
  const holder = `${process.pid}-${await readStartTicks(process.pid)}-${randomBytes2(6).toString("hex")}`;
  await acquire(path, holder);
  try {
    return await work();
  } finally {
    await unlink(join4(path, holder)).catch(() => {
    });
    await rmdir(path).catch(() => {
    });
  }
}
async function acquire(path, holder) {
  const prepared = `${path}.${holder}`;
  await mkdir4(prepared);
  await writeFile2(join4(prepared, holder), "");
  const giveUpAt = Date.now() + waitMaxMs;
  for (; ; ) {
    try {
      await rename3(prepared, path);
      return;
    } catch (error) {
      if (!isFilled(error) || Date.now() > giveUpAt) {
        await rm3(prepared, { recursive: true, force: true });
        if (!isFilled(error)) throw error;
        throw new EmbeddedPostgresUnavailable(
          `Another process has been starting or stopping the embedded database for three minutes (${path}). Stop it.`
        );
      }
    }
    if (!await clearDeadHolder(path)) await sleep(pollMs);
  }
}
function isFilled(error) {
  return error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST");
}
async function clearDeadHolder(path) {
  const holders = await readdir2(path).catch(() => []);
  for (const holder of holders) {
    const [pid = "", startTicks = ""] = holder.split("-");
    if (isAlive(Number(pid)) && await readStartTicks(Number(pid)) === startTicks) return false;
    await unlink(join4(path, holder)).catch(() => {
    });
  }
  return true;
}

// packages/server/src/storage/embedded/postmaster.ts
import { spawn } from "node:child_process";
import { existsSync as existsSync4 } from "node:fs";
import { open, readFile as readFile5, rename as rename4, stat as stat3, unlink as unlink2 } from "node:fs/promises";
import { join as join5 } from "node:path";
var logBytesMax = 5 * 1024 * 1024;
var logTailBytes = 2e3;
var fastShutdownLimitMs = 1e4;
var immediateShutdownLimitMs = 5e3;
var pollMs2 = 15;
async function findPostmaster(clusterDir) {
  const pidFile = join5(clusterDir, "postmaster.pid");
  const lines = (await readFile5(pidFile, "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return void 0;
  if (isAlive(pid) && (await readCommandLine(pid)).includes(clusterDir)) return { pid, socketDir: lines[4] ?? "" };
  return void 0;
}
async function clearStalePidFile(clusterDir) {
  if (await findPostmaster(clusterDir) === void 0) await unlink2(join5(clusterDir, "postmaster.pid")).catch(() => {
  });
}
async function spawnPostmaster(place, binaries) {
  await rotateLog(place.logFile);
  const log = await open(place.logFile, "a", 384);
  try {
    const child = spawn(
      binaries.postgres,
      ["-D", place.clusterDir, "-c", `config_file=${join5(place.settingsDir, "postgresql.conf")}`],
      { ...place.account, cwd: "/", env: serverEnvironment, detached: true, stdio: ["ignore", log.fd, log.fd] }
    );
    let ended = false;
    child.on("error", () => {
      ended = true;
    });
    child.on("exit", () => {
      ended = true;
    });
    child.unref();
    return () => ended;
  } finally {
    await log.close();
  }
}
async function rotateLog(logFile) {
  if (!existsSync4(logFile) || (await stat3(logFile)).size < logBytesMax) return;
  await rename4(logFile, `${logFile}.1`);
}
async function readLogTail(place) {
  const text = await readFile5(place.logFile, "utf8").catch(() => "");
  return text.slice(-logTailBytes).trim().split("\n").slice(-3).join(" ");
}
async function stopPostmaster(clusterDir) {
  if (await signalAndWait(clusterDir, "SIGINT", fastShutdownLimitMs)) return "stopped";
  return await signalAndWait(clusterDir, "SIGQUIT", immediateShutdownLimitMs) ? "killed" : "running";
}
async function signalAndWait(clusterDir, signal, limitMs) {
  const postmaster = await findPostmaster(clusterDir);
  if (!postmaster) return true;
  process.kill(postmaster.pid, signal);
  const giveUpAt = Date.now() + limitMs;
  while (Date.now() < giveUpAt) {
    if ((await findPostmaster(clusterDir))?.pid !== postmaster.pid) return true;
    await sleep(pollMs2);
  }
  return false;
}

// packages/server/src/storage/embedded/session.ts
import { Socket } from "node:net";
import pg2 from "pg";
var connectTimeoutMs = 5e3;
var presenceName = "verzet presence";
async function connect(socketDir, user, name) {
  const client = new pg2.Client({
    host: socketDir,
    port: 5432,
    user,
    database: "postgres",
    ssl: false,
    application_name: name,
    connectionTimeoutMillis: connectTimeoutMs
  });
  client.on("error", () => {
  });
  await client.connect();
  return client;
}
function openPresence(socketDir) {
  return connect(socketDir, roleName, presenceName);
}
function keepAlive(presence, wanted) {
  const { stream } = presence.connection;
  if (!(stream instanceof Socket)) return;
  if (wanted) stream.ref();
  else stream.unref();
}
async function countOtherPresences(presence) {
  const { rows } = await presence.query(
    "select count(*)::int as others from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()",
    [presenceName]
  );
  return rows[0]?.others ?? 0;
}
async function isProvisioned(presence, options) {
  const { rows } = await presence.query(
    `select exists (select from pg_database where datname = $1)
       and (not $2 or (select rolcreatedb from pg_roles where rolname = current_user)) as ready`,
    [databaseName, options.testing]
  );
  return rows[0]?.ready ?? false;
}
async function provision(socketDir, options) {
  const superuser = await connect(socketDir, superuserName, "verzet provision");
  try {
    const role = await superuser.query("select from pg_roles where rolname = $1", [roleName]);
    if (role.rowCount === 0) await superuser.query(`create role ${roleName} login`);
    if (options.testing) await superuser.query(`alter role ${roleName} createdb`);
    const database = await superuser.query("select from pg_database where datname = $1", [databaseName]);
    if (database.rowCount === 0) await superuser.query(`create database ${databaseName} owner ${roleName}`);
  } finally {
    await superuser.end();
  }
}

// packages/server/src/storage/embedded/start.ts
var startLimitMs = 12e4;
var spawnsMax = 20;
var spawnDelayMs = 250;
var pollMs3 = 15;
var restartDelayMs = 1e3;
var restartDelayMaxMs = 3e4;
async function startEmbeddedPostgres(options) {
  try {
    return await startAndWatch(options);
  } catch (error) {
    throw explainDiskError(error, options.dataDir);
  }
}
async function startAndWatch(options) {
  const created = await mkdir5(options.dataDir, { recursive: true, mode: 448 });
  if (created !== void 0 && isRoot()) await chmod3(options.dataDir, 457);
  const dataDir = await realpath2(options.dataDir);
  const lock = join6(dataDir, "postgres.lock");
  const log = options.log ?? (() => {
  });
  const start = () => withDirectoryLock(lock, () => run(dataDir, log, options.testing ?? false));
  let { place, running } = await start();
  const { socketDir, adopted } = running;
  let disposed = false;
  const watch = () => {
    running.presence.once("end", () => {
      if (disposed) return;
      log("the embedded database ended unexpectedly; starting it again");
      void keepStarting(start, log, () => disposed).then((again) => {
        if (!again) return;
        running = again.running;
        watch();
      });
    });
  };
  watch();
  return {
    connectionString: connectionString(socketDir),
    socketDir,
    adopted,
    async [Symbol.asyncDispose]() {
      if (disposed) return;
      disposed = true;
      await withDirectoryLock(lock, () => leave(place, running.presence, log));
    }
  };
}
async function run(dataDir, log, testing) {
  const place = (console.log("findPlace(data",Math.round(performance.now())),1) && await findPlace(dataDir);
  const binaries = (console.log("installBinarie",Math.round(performance.now())),1) && await installBinaries(place.home);
  await writeSettings(place, { testing });
  (console.log("ensureCluster(",Math.round(performance.now())),1) && await ensureCluster(place, binaries);
  const running = (console.log("reach(place",Math.round(performance.now())),1) && await reach(place, () => spawnPostmaster(place, binaries));
  if (!(console.log("isProvisioned(",Math.round(performance.now())),1) && await isProvisioned(running.presence, { testing })) (console.log("provision(runn",Math.round(performance.now())),1) && await provision(running.socketDir, { testing });
  keepAlive(running.presence, false);
  if (running.adopted) log("adopted the embedded database that was already running");
  return { place, running };
}
async function reach(place, spawnServer) {
  const giveUpAt = Date.now() + startLimitMs;
  let hasEnded;
  let spawns = 0;
  for (; ; ) {
    const postmaster = await findPostmaster(place.clusterDir);
    if (postmaster) {
      const socketDir = postmaster.socketDir || place.socketDir;
      const presence = await tryPresence(socketDir);
      if (presence) return { presence, socketDir, adopted: spawns === 0 };
    } else if (!hasEnded || hasEnded()) {
      if (spawns >= spawnsMax || Date.now() > giveUpAt) break;
      if (spawns > 0) await sleep(spawnDelayMs);
      await clearStalePidFile(place.clusterDir);
      hasEnded = await spawnServer();
      spawns++;
    }
    if (Date.now() > giveUpAt) break;
    await sleep(pollMs3);
  }
  throw new EmbeddedPostgresUnavailable(
    `The embedded database in ${place.clusterDir} did not start; ${place.logFile} ends with: ${await readLogTail(place)}`
  );
}
async function tryPresence(socketDir) {
  try {
    return await openPresence(socketDir);
  } catch (error) {
    if (readSqlState(error) !== sqlState.invalidAuthorization) return void 0;
  }
  try {
    await provision(socketDir, { testing: false });
    return await openPresence(socketDir);
  } catch (cause) {
    if (readSqlState(cause) !== sqlState.invalidAuthorization) return void 0;
    throw new EmbeddedPostgresUnavailable(
      "The embedded database is running for another user of this machine. Start Verzet as that user.",
      { cause }
    );
  }
}
async function keepStarting(start, log, isDisposed) {
  for (let delayMs = restartDelayMs; !isDisposed(); delayMs = Math.min(2 * delayMs, restartDelayMaxMs)) {
    try {
      return await start();
    } catch (error) {
      log(`the embedded database did not start again: ${error instanceof Error ? error.message : "unknown error"}`);
    }
    await sleep(delayMs);
  }
  return void 0;
}
async function leave(place, presence, log) {
  keepAlive(presence, true);
  const others = await countOtherPresences(presence).catch(() => 0);
  await presence.end().catch(() => {
  });
  if (others > 0) return;
  const outcome = await stopPostmaster(place.clusterDir);
  if (outcome !== "stopped")
    log(`the embedded database did not stop in time (${outcome}); it recovers at its next start`);
}
function connectionString(socketDir) {
  return `postgresql://${roleName}@localhost:5432/${databaseName}?host=${encodeURIComponent(socketDir)}&sslmode=disable`;
}

// packages/server/src/storage/database.ts
import pg3 from "pg";
var DatabaseUnavailable = class extends Error {
  code = "database_unavailable";
  name = "DatabaseUnavailable";
};
var poolSizeDefault = 16;
var connectionTimeoutMs = 1e4;
var statementTimeoutMs = 3e4;
var idleInTransactionTimeoutMs = 6e4;
var serverVersionMin = 15e4;
async function openDatabase(options) {
  const place = describeConnection(options.connectionString);
  const pool = new pg3.Pool({
    connectionString: options.connectionString,
    max: options.poolSize ?? poolSizeDefault,
    application_name: options.applicationName ?? "verzet",
    connectionTimeoutMillis: connectionTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    keepAlive: true,
    // Days are counted in UTC whatever the server's own clock is set to.
    options: "-c timezone=UTC",
    types: columnTypes()
  });
  pool.on("error", () => {
  });
  try {
    await assertUsable(pool, place);
  } catch (error) {
    await pool.end();
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable(`The database ${place} cannot be reached: ${describeError(error)}.`, { cause: error });
  }
  return {
    ...queryable(pool),
    pool,
    async [Symbol.asyncDispose]() {
      if (!pool.ending) await pool.end();
    }
  };
}
function queryable(connection) {
  return {
    async query(statement, values = []) {
      return (await connection.query(queryConfig(statement, values))).rows;
    },
    async execute(statement, values = []) {
      return (await connection.query(queryConfig(statement, values))).rowCount ?? 0;
    }
  };
}
function queryConfig(statement, values) {
  return typeof statement === "string" ? { text: statement, values: [...values] } : { name: statement.name, text: statement.text, values: [...values] };
}
var int8ArrayType = 1016;
function columnTypes() {
  const { builtins } = pg3.types;
  const types = new pg3.TypeOverrides();
  types.setTypeParser(builtins.INT8, (text) => BigInt(text));
  types.setTypeParser(int8ArrayType, parseInt8Array);
  types.setTypeParser(builtins.DATE, (text) => text);
  return types;
}
function parseInt8Array(text) {
  const inside = text.slice(1, -1);
  return inside === "" ? [] : inside.split(",").map((entry) => entry === "NULL" ? null : BigInt(entry));
}
async function assertUsable(pool, place) {
  const { rows } = await pool.query(`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_setting('server_encoding') as encoding`);
  const server = rows[0];
  if (!server || server.number < serverVersionMin) {
    throw new DatabaseUnavailable(
      `The database ${place} runs PostgreSQL ${server?.version ?? "of an unknown version"}; Verzet needs 15 or later.`
    );
  }
  if (server.encoding !== "UTF8") {
    throw new DatabaseUnavailable(
      `The database ${place} stores text as ${server.encoding}; Verzet needs a database with encoding UTF8.`
    );
  }
}
function describeConnection(connectionString2) {
  try {
    const url = new URL(connectionString2);
    const host = url.searchParams.get("host") ?? url.host;
    return `"${decodeURIComponent(url.pathname.slice(1))}" at ${host === "" ? "this machine" : host}`;
  } catch {
    throw new DatabaseUnavailable(
      "The database address is not a URL; it looks like postgresql://user:password@host:5432/name."
    );
  }
}
function describeError(error) {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(describeError).join("; ");
  return error instanceof Error ? error.message.replace(/\.$/, "") : "unknown error";
}

// ../../tmp/try-embedded.ts
var dir = process.argv[2];
var t = performance.now();
var e = await startEmbeddedPostgres({ dataDir: dir, log: console.log });
console.log("started", Math.round(performance.now() - t), "ms", e);
t = performance.now();
var db = await openDatabase({ connectionString: e.connectionString });
console.log("db", Math.round(performance.now() - t), await db.query(`select 1::int8 as a, now() as n, current_user, version(), gen_random_uuid() u, '{"a":1}'::jsonb j, current_date d, array[1,2]::int8[] arr, array[gen_random_uuid()] ua`));
await db[Symbol.asyncDispose]();
t = performance.now();
await e[Symbol.asyncDispose]();
console.log("stopped", Math.round(performance.now() - t));
