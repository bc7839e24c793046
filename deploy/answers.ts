import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { PLACES, type PlaceName } from './place.ts'

const NAMES = Object.keys(PLACES) as [PlaceName, ...PlaceName[]]
const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?'

const domainSchema = z
  .string()
  .transform((text) =>
    text
      .trim()
      .toLowerCase()
      .replace(/^https:\/\//, '')
      .replace(/\/$/, ''),
  )
  .pipe(z.string().regex(new RegExp(`^(?:${LABEL}\\.)+${LABEL}$`), 'must be a domain such as muster.example.org'))
const emailSchema = z.email('must be an e-mail address').max(254)

/** What the operator decides once. */
const answersSchema = z.object({
  /** The public address of the pages, without `https://`. */
  domain: domainSchema,
  /** The address that e-mails come from. */
  sender: emailSchema,
  /** The first administrator, who also gets the test mail. */
  administrator: emailSchema,
  /** Where the data may be kept. */
  data: z.enum(NAMES, { error: `must be one of ${NAMES.join(', ')}` }),
  /** The ID of the Cloudflare account. */
  account: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be the 32 hexadecimal digits of an account')
    .optional(),
  /** Cloudflare Access: the team's name and the application's audience tag. */
  accessTeam: z
    .string()
    .regex(new RegExp(`^${LABEL}$`), 'must be the name before .cloudflareaccess.com')
    .optional(),
  accessAudience: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the 64 hexadecimal digits of an audience tag')
    .optional(),
  /** The sender from which the administrator got a test mail. Another sender is tested again. */
  testedSender: z.string().optional(),
})
export type Answers = z.infer<typeof answersSchema>
/** Answers that are not checked yet. */
export type GivenAnswers = Partial<Record<keyof Answers, string>>

/** The questions, in their order. */
export const QUESTIONS = [
  { name: 'domain', question: 'Address of the pages, in a domain of your account (muster.example.org)' },
  { name: 'sender', question: 'Address that e-mails come from, in a domain of your account (muster@example.org)' },
  { name: 'administrator', question: 'E-mail address of the first administrator' },
  {
    name: 'data',
    question: `Where the data may be kept. This cannot be changed later.\n${NAMES.map((name) => `    ${name.padEnd(8)} ${PLACES[name].words}`).join('\n')}\n  Place`,
  },
] as const satisfies { name: keyof Answers; question: string }[]

const file = (folder: string) => join(folder, 'deploy.json')

/** Returns the answers that an earlier deploy kept in `deploy.json`; none if there is no such file. */
export function readAnswers(folder: string): GivenAnswers {
  let text: string
  try {
    text = readFileSync(file(folder), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
  return z.partialRecord(answersSchema.keyof(), z.string()).parse(JSON.parse(text))
}

/** Keeps the answers for the next deploy. They contain no secret. */
export function keepAnswers(folder: string, answers: Answers): void {
  writeFileSync(`${file(folder)}.new`, `${JSON.stringify(answers, null, 2)}\n`)
  renameSync(`${file(folder)}.new`, file(folder))
}

/** Checks the answers. Throws an `Error` with a sentence for each that is missing or wrong. */
export function parseAnswers(given: GivenAnswers): Answers {
  const parsed = answersSchema.safeParse(given)
  if (parsed.success) {
    const { accessTeam, accessAudience } = parsed.data
    if ((accessTeam === undefined) === (accessAudience === undefined)) return parsed.data
    throw new Error('--access-team and --access-audience belong together.')
  }
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0])
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    return name in given ? `${flag} ${message}` : `${flag} is missing`
  })
  throw new Error(faults.join('\n'))
}

/** Returns what is wrong with one answer; null if nothing is. */
export function faultOf(name: keyof Answers, text: string): string | null {
  const parsed = answersSchema.shape[name].safeParse(text)
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'is not valid')
}

/** Returns the part of an e-mail address after the `@`. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
