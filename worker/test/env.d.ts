/// <reference types="@cloudflare/vitest-plugin/types" />

declare namespace Cloudflare {
  /** The bindings of the Worker under test, and the migrations that `vitest.config.ts` reads for it. */
  interface Env extends Omit<import('../src/env.ts').Env, never> {
    MIGRATIONS: import('cloudflare:test').D1Migration[]
  }
  interface GlobalProps {
    mainModule: typeof import('../src/index.ts')
  }
}
