// Runs the browser tests one after the other in one city. The attack comes last, because it gives an area, a kind and a unit
// names that nobody wants to read. Arguments name the files to run: `node e2e/run.mjs day cockpit`. PICTURES=1 renews the pictures
// of the documents: those that the tests take, and after them those of a living city (pictures.mjs).
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { startServer } from './city.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const SUFFIX = '.test.mjs'
const all = readdirSync(here).filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length))
const names = process.argv.length > 2 ? process.argv.slice(2) : ['day', ...all.filter((name) => name !== 'day' && name !== 'attack').sort(), 'attack']

const city = process.env.CITYWIDE_DEMO ? null : await startServer()
if (city) process.env.CITYWIDE_DEMO = city.base
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => city?.close().finally(() => process.exit(130)))
let [passed, failed] = [0, 0]
process.exitCode = 1
const tests = run({ files: names.map((name) => path.join(here, name + SUFFIX)), concurrency: 1 })
tests.on('test:pass', () => passed++)
tests.on('test:fail', () => failed++)
tests.compose(new spec()).pipe(process.stdout)
tests.once('end', async () => {
  await city?.close()
  process.exitCode = failed === 0 && passed >= names.length ? 0 : 1
  if (process.env.PICTURES !== '1') return
  const { CITYWIDE_DEMO: _, ...env } = process.env
  const taken = spawnSync(process.execPath, [path.join(here, 'pictures.mjs')], { env, stdio: 'inherit' }).status ?? 1
  process.exitCode = process.exitCode || taken
})
