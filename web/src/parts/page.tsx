import type { ComponentChildren } from 'preact'
import { useTitle } from '../router.ts'

interface PageProps {
  title: string
  /** The parent page. */
  up?: { href: string; label: string }
  /** A state shown beside the title. */
  beside?: ComponentChildren
  actions?: ComponentChildren
  children: ComponentChildren
}

/** A page: a head with its title and buttons, and the content below it. */
export function Page({ title, up, beside, actions, children }: PageProps) {
  useTitle(title)
  return (
    <>
      <div class="page-head">
        <div>
          {up === undefined ? null : (
            <a class="up" href={up.href}>
              <span aria-hidden="true">← </span>
              {up.label}
            </a>
          )}
          <h1>
            {title} {beside}
          </h1>
        </div>
        {actions === undefined ? null : <div class="actions">{actions}</div>}
      </div>
      {children}
    </>
  )
}

/** A block of a page with its own heading. */
export function Block(props: { title: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="block">
      <div class="block-head">
        <h2>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  )
}

/** A name and its value; a fact with a null value is not shown. */
export type Fact = [name: string, value: ComponentChildren]

/** Names and their values, one under the other. A value of null leaves its line out. */
export function Facts({ items }: { items: readonly Fact[] }) {
  return (
    <dl class="facts">
      {items.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
