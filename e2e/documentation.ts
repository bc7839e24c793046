import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { runTool } from './debian.ts'

const DOCUMENT = resolve(import.meta.dirname, '../docs/triggers.md')

type Snippet = (env: Record<string, string>) => Promise<string>

/** The snippets of docs/triggers.md. Each runs exactly as printed there, with `env`, and returns its output. */
export const snippets = {
  'cron job': async (env) => runScript('sh', await printed('sh'), env),
  bucket: async (env) => {
    const call = '\nprocess.stdout.write(JSON.stringify(await handler()))\n'
    return runScript(process.execPath, (await printed('js')) + call, env)
  },
  'GitHub Action': async (env) => {
    const [, script = ''] = /^ +run: \|\n([\s\S]*)$/m.exec(await printed('yaml')) ?? []
    return runScript('bash', script, { ...env, GITHUB_RUN_ID: '1', GITHUB_RUN_ATTEMPT: '1' })
  },
} satisfies Record<string, Snippet>

/** Returns the code block in this language. */
async function printed(language: 'sh' | 'js' | 'yaml'): Promise<string> {
  const block = (await readFile(DOCUMENT, 'utf8')).split(`\`\`\`${language}\n`)[1]?.split('```')[0]
  if (block === undefined) throw new Error(`docs/triggers.md has no block of ${language}`)
  return block
}

async function runScript(program: string, script: string, env: Record<string, string>): Promise<string> {
  runTool('curl', ['--version'])
  runTool('openssl', ['version'])
  const folder = await mkdtemp(join(tmpdir(), 'muster-snippet-'))
  try {
    const path = join(folder, 'snippet.mjs')
    await writeFile(path, script)
    const { stdout } = await promisify(execFile)(program, [path], { env: { ...process.env, ...env } })
    return stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}
