import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach } from 'vitest'

// Each test begins with the tables as they are after the last migration, and nothing in them.
beforeEach(() => applyD1Migrations(env.DB, env.MIGRATIONS))
afterEach(() => reset())
