import type { ComponentChildren } from 'preact'

/** The frame of the pages that people see before they have signed in. */
export function SignedOutFrame({ children }: { children: ComponentChildren }) {
  return (
    <main class="sign-in">
      <h1 class="brand">
        <img src="/favicon.svg" alt="" width="40" height="40" />
        Muster
      </h1>
      <div class="block">{children}</div>
      <p class="muted center">Muster keeps your contact directory in step with a remote file.</p>
    </main>
  )
}
