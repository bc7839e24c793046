import type { ComponentChildren } from 'preact'
import { useTitle } from '../router.ts'
import { Icon } from './icon.tsx'

interface PageProps {
  title: string
  /** The parent page. */
  up?: { href: string; label: string }
  /** A state or a time shown beside the title. */
  beside?: ComponentChildren
  actions?: ComponentChildren
  /** The menu of what is needed less often, after the buttons. */
  menu?: ComponentChildren
  /** `text`: as wide as text and forms can be read. Otherwise as wide as the window, up to the width of a table. */
  width?: 'text'
  children: ComponentChildren
}

/** A page: a head with its title and buttons, and the content below it. */
export function Page({ title, up, beside, actions, menu, width, children }: PageProps) {
  useTitle(title)
  return (
    <div class={width === undefined ? 'page' : `page ${width}`}>
      <div class="page-head">
        <div>
          {up === undefined ? null : (
            <a class="up" href={up.href}>
              <Icon name="back" />
              {up.label}
            </a>
          )}
          <h1>
            {title} {beside}
          </h1>
        </div>
        {actions === undefined && menu === undefined ? null : (
          <div class="actions">
            {actions}
            {menu}
          </div>
        )}
      </div>
      {children}
    </div>
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
