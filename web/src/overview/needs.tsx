import type { NeededView, OverviewView } from '../../../worker/src/api/views/overview.ts'
import { countOf } from '../format.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { Ago } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'

interface Need {
  icon: IconName
  tone: 'waiting' | 'bad' | 'quiet'
  /** The label of its button, for a person who may decide, and for one who may only read. */
  button: string
  look: string
  href: (item: NeededView) => string
}

const source = ({ sourceId }: NeededView) => hrefOf('/sources/:id', { id: sourceId ?? '' })
const run = (item: NeededView) => (item.runId === null ? source(item) : hrefOf('/runs/:id', { id: item.runId }))

const NEEDS: Record<NeededView['kind'], Need> = {
  held: { icon: 'waiting', tone: 'waiting', button: 'Review changes', look: 'Show changes', href: run },
  failing: { icon: 'failed', tone: 'bad', button: 'See what failed', look: 'See what failed', href: run },
  late: { icon: 'clock', tone: 'bad', button: 'Open source', look: 'Open source', href: source },
  unsent: { icon: 'email', tone: 'bad', button: 'Show e-mails', look: 'Show e-mails', href: () => '/settings/mail' },
  conflict: { icon: 'warning', tone: 'waiting', button: 'Open source', look: 'Open source', href: source },
  setUp: { icon: 'quiet', tone: 'quiet', button: 'Open source', look: 'Open source', href: source },
}

/** So many sources without an import, or more, are one item. */
const TOGETHER = 3

/** What needs a person, the most urgent first, each with one button. */
export function Needs({ items, sources }: Pick<OverviewView, 'items' | 'sources'>) {
  const names = new Map(sources.map(({ id, name }) => [id, name]))
  const idle = items.filter(({ kind, sourceId }) => kind === 'setUp' && names.has(sourceId ?? ''))
  const together = idle.length >= TOGETHER
  const single = together ? items.filter((item) => !idle.includes(item)) : items
  return (
    <section class="block needs" aria-labelledby="needs">
      <div class="block-head">
        <h2 id="needs">Needs you</h2>
        {items.length === 0 ? null : <span class="count">{items.length}</span>}
      </div>
      {items.length === 0 ? (
        <p class="muted">Nothing. Imports run by themselves, and what needs a decision shows up here.</p>
      ) : (
        <ul class="plain">
          {single.map((item) => (
            <Item
              key={`${item.kind} ${item.sourceId} ${item.runId}`}
              item={item}
              name={names.get(item.sourceId ?? '')}
            />
          ))}
          {together ? <Idle items={idle} names={names} /> : null}
        </ul>
      )}
    </section>
  )
}

/** Sources without an import yet, in place of as many items with the same words. */
function Idle({ items, names }: { items: readonly NeededView[]; names: ReadonlyMap<string, string> }) {
  return (
    <li class="need">
      <span class="need-icon">
        <Icon name={NEEDS.setUp.icon} />
      </span>
      <div class="need-words">
        <strong>{countOf(items.length, 'source')} never imported</strong>
        <p>{items.map(({ sourceId }) => names.get(sourceId ?? '')).join(' · ')}</p>
      </div>
      <a class="button" href="/sources">
        Open sources
      </a>
    </li>
  )
}

function Item({ item, name }: { item: NeededView; name: string | undefined }) {
  const may = useMay()
  const { icon, tone, button, look, href } = NEEDS[item.kind]
  // E-mails may be about any source, so the message says enough.
  const title = item.kind === 'unsent' ? null : name
  return (
    <li class="need">
      <span class={`need-icon ${tone}`}>
        <Icon name={icon} />
      </span>
      <div class="need-words">
        {title == null ? null : <strong>{title}</strong>}
        {item.since === null ? null : (
          <span class="muted">
            <Ago at={item.since} />
          </span>
        )}
        <p>{item.message}</p>
      </div>
      <a class={item.kind === 'held' ? 'button primary' : 'button'} href={href(item)}>
        {may.run ? button : look}
        {title == null ? null : <span class="hidden"> of {title}</span>}
      </a>
    </li>
  )
}
