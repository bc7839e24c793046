import type { Answers } from './answers.ts'
import type { Found } from './found.ts'
import { type Keys, REQUIRED, type SomeKeys } from './keys.ts'
import { placeOf } from './place.ts'
import type { Wanted } from './wanted.ts'

/** All that decides what a deploy does. */
export interface State {
  wanted: Wanted
  answers: Answers
  found: Found
  here: Here
}

/** What the machine that deploys has. */
export interface Here {
  /** Whether Docker answers, which builds the image of the SFTP bridge. */
  docker: boolean
  /** The keys that an earlier deploy made here, or that the environment gives. */
  keys: SomeKeys
  /** Whether the machine is thrown away afterwards, and with it each file. */
  ci: boolean
}

/** One thing that a deploy does. `words` is null if the account has it already. */
interface Step {
  name: string
  words(state: State): string | null
}

/**
 * The steps in their order. Migrations only add to the database, so the earlier Worker runs on the new tables: they come first,
 * and the Worker and the pages can each be rolled back without them.
 */
export const STEPS = [
  {
    name: 'database',
    words: ({ wanted, answers, found }) =>
      found.database === null ? `Make the D1 database ${wanted.database}, ${placeOf(answers.data).words}.` : null,
  },
  {
    name: 'bucket',
    words: ({ wanted, answers, found }) =>
      found.bucket ? null : `Make the R2 bucket ${wanted.bucket}, ${placeOf(answers.data).words}.`,
  },
  {
    name: 'queues',
    words: (state) => {
      const missing = missingQueues(state)
      return missing.length === 0 ? null : `Make the queues ${missing.join(', ')}.`
    },
  },
  {
    name: 'keys',
    words: (state) => {
      const missing = missingSecrets(state).filter((name) => state.here.keys[name] === undefined)
      return missing.length === 0 ? null : `Make ${missing.join(', ')} and keep them in deploy.keys.json.`
    },
  },
  {
    name: 'migrations',
    words: (state) => {
      const missing = missingMigrations(state)
      return missing.length === 0 ? null : `Apply ${counted(missing.length, 'migration')}, up to ${missing.at(-1)}.`
    },
  },
  {
    name: 'worker',
    words: ({ wanted, answers, found, here }) => {
      const bridge =
        found.container === null
          ? 'without SFTP'
          : here.docker
            ? 'and build the image of its SFTP bridge'
            : 'and keep the image of its SFTP bridge, since Docker does not answer here'
      const verb = found.worker === null ? 'Deploy' : 'Update'
      return `${verb} the Worker ${wanted.worker} for https://${answers.domain}, ${bridge}.`
    },
  },
  {
    name: 'bridge',
    words: ({ found, here }) =>
      found.container === null && here.docker ? 'Build the image of the SFTP bridge and add its container.' : null,
  },
  {
    name: 'project',
    words: ({ wanted, found }) => (found.project === null ? `Make the Pages project ${wanted.project}.` : null),
  },
  { name: 'pages', words: ({ wanted }) => `Build the pages and deploy them to ${wanted.project}.` },
  {
    name: 'domain',
    words: (state) =>
      state.found.domain !== null && hasRecord(state) ? null : `Give the pages the domain ${state.answers.domain}.`,
  },
  {
    name: 'sender',
    words: ({ answers, found }) => (found.sender === null ? `Set up ${answers.sender} in Email Service.` : null),
  },
  {
    name: 'password',
    words: ({ found }) =>
      found.hasAdministrator && found.worker?.secrets.includes('ADMIN_PASSWORD') === true
        ? 'Delete ADMIN_PASSWORD, since there is an administrator now.'
        : null,
  },
] as const satisfies Step[]
export type StepName = (typeof STEPS)[number]['name']

/** What a deploy does, in order; `stops` has what a person must change first. */
export interface Plan {
  steps: { name: StepName; words: string }[]
  stops: string[]
}

/** Plans a deploy from what the account has. Pure. */
export function planOf(state: State): Plan {
  const steps = STEPS.flatMap(({ name, words }) => {
    const found = words(state)
    return found === null ? [] : [{ name, words: found }]
  })
  return { steps, stops: stopsOf(state) }
}

function stopsOf(state: State): string[] {
  const { answers, found, here } = state
  const stops: string[] = []
  if (found.zone === null) stops.push(noZone(answers.domain, found))
  if (found.senderZone === null) stops.push(noZone(answers.sender, found))
  const { jurisdiction = null } = placeOf(answers.data)
  if (found.database !== null && found.database.jurisdiction !== jurisdiction) {
    const kept = found.database.jurisdiction ?? 'none'
    stops.push(
      `The database has the jurisdiction ${kept}, and --data ${answers.data} asks for ${jurisdiction ?? 'none'}. It cannot be changed: give the --data of the first deploy.`,
    )
  }
  const other = found.records.find((record) => isInTheWay(state, record.type, record.content))
  if (other !== undefined) {
    stops.push(
      `${answers.domain} has another DNS record, ${other.type} ${other.content}. Delete it, or give another --domain.`,
    )
  }
  const missing = missingSecrets(state).filter((name) => here.keys[name] === undefined)
  if (missing.includes('ENCRYPTION_KEY') && found.hasData) {
    stops.push(
      'The database has data, but neither the Worker nor deploy.keys.json has the ENCRYPTION_KEY that opens its secrets. Set your copy in the environment as ENCRYPTION_KEY, and deploy again.',
    )
  } else if (missing.length > 0 && here.ci) {
    stops.push(
      `${missing.join(' and ')} would be made on a machine that keeps no files. Deploy for the first time from your own machine, or set them in the environment.`,
    )
  }
  return stops
}

function noZone(name: string, { account }: Found): string {
  return `The account ${account.name} has no domain for ${name}. Add the domain at https://dash.cloudflare.com/${account.id}/add-site, or give another one.`
}

/** The queues that the account does not have yet. */
export function missingQueues({ wanted, found }: State): string[] {
  return wanted.queues.filter((name) => !found.queues.some((queue) => queue.name === name))
}

/** The migrations that the database does not have yet. */
export function missingMigrations({ wanted, found }: State): string[] {
  return wanted.migrations.filter((name) => !found.migrations.includes(name))
}

/**
 * The secrets that the Worker needs and does not have. A secret that it has is never given again, since nobody could tell whether
 * it is the same. The first administrator needs a password, which is deleted afterwards; behind Access, nobody has one.
 */
export function missingSecrets({ answers, found }: State): (keyof Keys)[] {
  const needsPassword = !found.hasAdministrator && answers.accessTeam === undefined
  const needed: (keyof Keys)[] = [...REQUIRED, ...(needsPassword ? (['ADMIN_PASSWORD'] as const) : [])]
  return needed.filter((name) => found.worker?.secrets.includes(name) !== true)
}

/** Whether the domain leads to the Pages project. */
export function hasRecord({ found }: State): boolean {
  return found.records.some(({ type, content }) => type === 'CNAME' && content === found.project?.subdomain)
}

/** Whether a DNS record leads the domain somewhere else. */
function isInTheWay({ found }: State, type: string, content: string): boolean {
  if (type !== 'A' && type !== 'AAAA' && type !== 'CNAME') return false
  return !(type === 'CNAME' && content === found.project?.subdomain)
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
