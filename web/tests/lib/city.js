// A server of our own: a fresh folder, a free loopback port, the tiny sample city.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const binary = process.env.SHIAN_BINARY ?? new URL('../../../target/debug/shian', import.meta.url).pathname

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

/** Makes the city in a folder, lives its life and stops: [`open`] starts from a copy where SHIAN_TEST_CITY names it. */
export async function make(folder) {
  simulate(folder)
  const { close } = await serve(folder)
  await close()
}

// the city first, small; `serve --sample` then adds the demo accounts
function simulate(folder) {
  execFileSync(binary, ['simulate', '--profile', 'puyang', '--scale', '0.02', '--seed', '1', '--days', '30', '--data', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
}

async function serve(folder) {
  const port = await freePort()
  // a name and not a number: passkeys belong to names
  const base = `http://localhost:${port}`
  const args = ['serve', '--data', folder, '--listen', `127.0.0.1:${port}`, '--public-url', base, '--sample', 'puyang']
  const server = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, SHIAN_LOG: 'warn' } })
  let log = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (d) => (log = (log + d).slice(-8_000)))
  const ended = new Promise((resolve) => server.on('exit', resolve))
  const close = async () => {
    server.kill('SIGTERM')
    await ended
  }
  try {
    await answers(base, server)
  } catch (e) {
    await close()
    throw new Error(`the server did not start: ${e.message}\n${log}`)
  }
  return { base, close }
}

/** Starts the city; answers its address, what the sample told, and how to stop it. */
export async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'shian-web-'))
  const made = process.env.SHIAN_TEST_CITY
  if (made) cpSync(made, folder, { recursive: true })
  else simulate(folder)
  const forget = () => rmSync(folder, { recursive: true, force: true })
  const { base, close } = await serve(folder).catch((e) => {
    forget()
    throw e
  })
  const sample = JSON.parse(readFileSync(join(folder, 'sample.json'), 'utf8'))
  const { answers: sealed } = JSON.parse(readFileSync(join(folder, 'sealed', 'puyang-1.json'), 'utf8'))
  const about = await fetch(`${base}/api/about`).then((r) => r.json())
  return { base, sample, sealed, password: about.demo.password, close: () => close().then(forget) }
}

async function answers(base, server) {
  for (let i = 0; i < 4_800; i += 1) {
    if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`)
    const ok = await fetch(`${base}/api/health`).then((r) => r.ok, () => false)
    if (ok) return
    await new Promise((r) => setTimeout(r, 100))
  }
  throw new Error('no answer in eight minutes')
}
