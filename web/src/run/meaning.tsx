import type { MeaningView } from '../../../worker/src/api/views/run.ts'
import { count } from '../format.ts'
import { useAttributeWord } from './attribute-word.ts'

/** The most groups and attributes that are shown. */
const MOST = 8

const CHANNELS = [
  ['sms', 'text'],
  ['voice', 'call'],
  ['email', 'e-mail'],
  ['nobody', 'nothing'],
] as const

/** What a plan means in numbers: how many rows the file has, how many people more or fewer are reached, and how large the groups become. */
export function Meaning({ meaning }: { meaning: MeaningView }) {
  const label = useAttributeWord()
  const facts = [
    ...rowFacts(meaning),
    ...reachFacts(meaning),
    ...groupFacts(meaning),
    ...attributeFacts(meaning, label),
  ]
  if (facts.length === 0) return null
  return (
    <section class="meaning" aria-labelledby="what-it-means">
      <h2 id="what-it-means">What it means</h2>
      <dl>
        {facts.map(({ name, before, after, words }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {words ?? (
                <>
                  {count(before)} <span aria-hidden="true">→</span>
                  <span class="hidden">becomes</span> <strong>{count(after)}</strong>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

interface MeaningFact {
  name: string
  before: number
  after: number
  words?: string
}

function rowFacts({ rows: { last, now } }: MeaningView): MeaningFact[] {
  return last === null || last === now ? [] : [{ name: 'Rows', before: last, after: now }]
}

function reachFacts({ reach: { before, after } }: MeaningView): MeaningFact[] {
  return CHANNELS.filter(([channel]) => before[channel] !== after[channel]).map(([channel, word]) => {
    const more = after[channel] - before[channel]
    const words = more > 0 ? `${count(more)} more` : `${count(-more)} fewer`
    return { name: `Reached by ${word}`, before: 0, after: 0, words }
  })
}

function groupFacts({ groups }: MeaningView): MeaningFact[] {
  return groups.slice(0, MOST).map(({ name, before, after }) => ({ name, before, after }))
}

function attributeFacts({ attributes }: MeaningView, label: (attribute: string) => string): MeaningFact[] {
  return attributes
    .filter(({ attribute }) => attribute !== 'groups')
    .slice(0, MOST)
    .map(({ attribute, filled, changed, blanked }) => {
      const parts = [
        [filled, 'filled'],
        [changed, 'changed'],
        [blanked, 'blanked'],
      ] as const
      const words = parts.flatMap(([n, word]) => (n === 0 ? [] : [`${count(n)} ${word}`])).join(', ')
      return { name: label(attribute), before: 0, after: 0, words }
    })
}
