import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const css = readFileSync(resolve(import.meta.dirname, 'base.css'), 'utf8')
/** The two colours of each token: in the light and in the dark scheme. */
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = '', light = '', dark = '']) => [name, [light, dark] as const],
  ),
)

const SURFACES = ['page', 'surface', 'raised']
/** The backgrounds that each text stands on. */
const TEXTS: Record<string, readonly string[]> = {
  text: [...SURFACES, 'good-soft', 'busy-soft', 'wait-soft', 'bad-soft', 'accent-soft'],
  muted: SURFACES,
  accent: [...SURFACES, 'accent-soft', 'good-soft', 'busy-soft', 'wait-soft', 'bad-soft'],
  'accent-strong': SURFACES,
  'on-accent': ['accent', 'accent-strong'],
  'on-danger': ['danger', 'danger-strong'],
  good: [...SURFACES, 'good-soft'],
  busy: [...SURFACES, 'busy-soft'],
  wait: [...SURFACES, 'wait-soft'],
  bad: [...SURFACES, 'bad-soft'],
}
/** The edges of what can be pressed or typed into, and the surfaces they must stand out from (WCAG 2.2, 1.4.11). */
const EDGES: Record<string, readonly string[]> = {
  'line-strong': ['page', 'surface'],
  accent: SURFACES,
  danger: ['page', 'surface'],
}

const pairs = (of: Record<string, readonly string[]>) =>
  Object.entries(of).flatMap(([front, backs]) =>
    backs.flatMap((back) => ['light', 'dark'].map((scheme, at) => ({ front, back, scheme, at }))),
  )

it.each(pairs(TEXTS))('the text $front can be read on $back in the $scheme scheme', ({ front, back, at }) => {
  expect(contrast(colour(front, at), colour(back, at))).toBeGreaterThanOrEqual(4.5)
})

it.each(pairs(EDGES))('an edge of $front stands out from $back in the $scheme scheme', ({ front, back, at }) => {
  expect(contrast(colour(front, at), colour(back, at))).toBeGreaterThanOrEqual(3)
})

it('every colour of the tokens is a text, an edge, a background or a line that only divides', () => {
  const named = new Set([TEXTS, EDGES].flatMap((of) => [...Object.keys(of), ...Object.values(of).flat()]))
  expect([...tokens.keys()].filter((name) => !named.has(name))).toEqual(['line'])
})

function colour(name: string, at: number): string {
  const found = tokens.get(name)?.[at]
  if (found === undefined) throw new Error(`base.css has no colour --${name}`)
  return found
}

/** Returns the contrast ratio of two colours (WCAG 2.2, contrast ratio). */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
