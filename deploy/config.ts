import { resolve } from 'node:path'
import { REQUIRED } from './keys.ts'
import { placementFor, placeOf } from './place.ts'
import type { State } from './plan.ts'
import type { Container } from './wanted.ts'

/** How the Worker is deployed with regard to the SFTP bridge. */
export type Bridge = { kind: 'none' } | { kind: 'build' } | { kind: 'keep'; image: string }

/** Returns how the bridge is deployed with an update of the Worker: as it is there, or not at all. */
export function bridgeFor({ found, here }: State): Bridge {
  if (found.container === null) return { kind: 'none' }
  return here.docker ? { kind: 'build' } : { kind: 'keep', image: found.container.image }
}

/**
 * Returns the configuration that wrangler deploys: `wrangler.toml` with what belongs to one account. Its paths are absolute, so that
 * the file may be in any folder.
 *
 * Without the bridge it has neither container nor Durable Object. Deploying the same file with `--containers-rollout=none` would not
 * do: wrangler refuses that the second time. A bridge that is there and cannot be built here keeps its image, which needs no Docker.
 */
export function configFor(root: string, { wanted, answers, found }: State, bridge: Bridge): object {
  const { containers, durable_objects, migrations, vars, d1_databases, r2_buckets, ...config } = wanted.config
  const { jurisdiction } = placeOf(answers.data)
  const [database] = d1_databases
  return {
    ...config,
    main: resolve(root, config.main),
    d1_databases: [
      { ...database, database_id: found.database?.id, migrations_dir: resolve(root, database.migrations_dir) },
    ],
    r2_buckets: [{ ...r2_buckets[0], ...(jurisdiction === undefined ? {} : { jurisdiction }) }],
    // wrangler then stops with a plain sentence if the Worker would be without one of them. In wrangler.toml it would warn at each
    // start of the local system, which has keys of its own.
    secrets: { required: REQUIRED },
    placement: placementFor(found.database?.region ?? null),
    vars: {
      ...vars,
      PUBLIC_URL: `https://${answers.domain}`,
      SENDER: answers.sender,
      ADMIN_EMAIL: answers.administrator,
      ...(answers.accessTeam === undefined
        ? {}
        : {
            ACCESS_ISSUER: `https://${answers.accessTeam}.cloudflareaccess.com`,
            ACCESS_AUDIENCE: answers.accessAudience,
          }),
    },
    ...(bridge.kind === 'none'
      ? {}
      : { durable_objects, migrations, containers: [containerFor(root, containers[0], bridge)] }),
  }
}

function containerFor(root: string, container: Container, bridge: Exclude<Bridge, { kind: 'none' }>): object {
  const { image_build_context: context, image, ...others } = container
  if (bridge.kind === 'keep') return { ...others, image: bridge.image }
  return { ...others, image: resolve(root, image), image_build_context: resolve(root, context) }
}
