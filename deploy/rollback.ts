import * as z from 'zod'
import { RIGHTS } from './found.ts'
import type { Wanted } from './wanted.ts'
import type { World } from './world.ts'

const workerDeploymentsSchema = z.object({
  deployments: z.array(
    z.object({
      created_on: z.string(),
      versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })),
    }),
  ),
})
type WorkerDeployment = z.infer<typeof workerDeploymentsSchema>['deployments'][number]

const pagesDeploymentSchema = z.object({
  id: z.string(),
  created_on: z.string(),
  latest_stage: z.object({ name: z.string(), status: z.string() }),
})
type PagesDeployment = z.infer<typeof pagesDeploymentSchema>

/**
 * Gives the Worker the version that it had before the current one. The database keeps its tables: migrations only add to them, so
 * that an earlier Worker runs on them. Throws an `Error` if there is no earlier version.
 */
export async function rollBackWorker(account: string, wanted: Wanted, world: World): Promise<string> {
  const path = `/accounts/${account}/workers/scripts/${wanted.worker}/deployments`
  const { deployments } = await world.cloudflare.call('GET', path, {
    right: RIGHTS.worker,
    result: workerDeploymentsSchema,
  })
  const version = versionBefore(deployments)
  if (version === null) throw new Error('The Worker has no earlier version.')
  await world.wrangler(account, ['rollback', version, '--name', wanted.worker, '--message', 'npm run deploy', '--yes'])
  return version
}

/**
 * Returns the version before the current one. Only versions that came before the current one did are looked at, so that a second
 * rollback goes further back and not forward again.
 */
function versionBefore(deployments: readonly WorkerDeployment[]): string | null {
  const inOrder = [...deployments].sort((a, b) => a.created_on.localeCompare(b.created_on))
  const versions = inOrder.flatMap(({ versions: [only], versions }) =>
    only !== undefined && versions.length === 1 ? [only.version_id] : [],
  )
  const current = versions.at(-1)
  if (current === undefined) return null
  return versions[versions.indexOf(current) - 1] ?? null
}

/** Gives the pages the deployment before the current one. Throws an `Error` if they have only one. */
export async function rollBackPages(account: string, wanted: Wanted, { cloudflare }: World): Promise<string> {
  const path = `/accounts/${account}/pages/projects/${wanted.project}`
  const project = await cloudflare.call('GET', path, {
    right: RIGHTS.pages,
    result: z.object({ canonical_deployment: z.object({ id: z.string() }).nullable() }),
  })
  const deployments = await cloudflare.call('GET', `${path}/deployments`, {
    right: RIGHTS.pages,
    query: { env: 'production' },
    result: z.array(pagesDeploymentSchema),
  })
  const id = deploymentBefore(deployments, project.canonical_deployment?.id ?? null)
  if (id === null) throw new Error('The pages have no earlier deployment.')
  await cloudflare.call('POST', `${path}/deployments/${id}/rollback`, {
    right: RIGHTS.pages,
    body: {},
    result: z.unknown(),
  })
  return id
}

/** Returns the newest deployment before `current` that succeeded. */
function deploymentBefore(deployments: readonly PagesDeployment[], current: string | null): string | null {
  const inOrder = [...deployments].sort((a, b) => a.created_on.localeCompare(b.created_on))
  const earlier = inOrder.slice(
    0,
    Math.max(
      0,
      inOrder.findIndex(({ id }) => id === current),
    ),
  )
  const good = earlier.filter(({ latest_stage: { name, status } }) => name === 'deploy' && status === 'success')
  return good.at(-1)?.id ?? null
}
