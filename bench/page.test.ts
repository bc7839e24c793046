import { describe, expect, it } from 'vitest'
import { readArguments } from './arguments.ts'
import { type Figures, measuredAgain, type Watched } from './figures.ts'
import { GOALS } from './goals.ts'
import { pageOf } from './page.ts'

function figures(change: Partial<Figures>): Figures {
  return {
    command: 'npm run bench',
    at: '2026-11-27T00:00:00.000Z',
    machine: 'a machine',
    seed: 1,
    tools: [],
    gaps: [],
    measured: [],
    scenarios: [],
    beside: null,
    leftOut: [],
    quick: false,
    ...change,
  }
}

function scenario(change: Partial<Watched>): Watched {
  return { name: 'undo', title: 'An undo', does: 'It undoes.', seconds: 1, figures: [], failed: null, ...change }
}

/** Returns the line of a goal in the page. */
function goalLine(page: string, goal: keyof typeof GOALS): string | undefined {
  return page.split('\n').find((line) => line.startsWith(`| ${GOALS[goal].says}`))
}

describe('The page of figures', () => {
  it('a goal is met or not by the worst of its figures, and says if nothing was measured for it', () => {
    const megabytes = (value: number) => ({ what: 'live', value, unit: 'MB', goal: 'liveUndo' }) as const
    const met = pageOf(figures({ scenarios: [scenario({ figures: [megabytes(90), megabytes(100)] })] }), '')
    expect(goalLine(met, 'liveUndo')).toMatch(/100 MB \| +100 MB \| +met/)
    const missed = pageOf(figures({ scenarios: [scenario({ figures: [megabytes(90), megabytes(101)] })] }), '')
    expect(goalLine(missed, 'liveUndo')).toMatch(/100 MB \| +101 MB \| +\*\*not met\*\*/)
    expect(goalLine(missed, 'besideP95')).toMatch(/– \| +not measured in this run/)
  })

  it('a part that is measured again replaces its figures, and the page keeps the others and names both runs', () => {
    const undone = (value: number) => scenario({ figures: [{ what: 'undo', value, unit: 's' }] })
    const other = scenario({ name: 'large', figures: [{ what: 'large', value: 7, unit: 's' }] })
    const later = figures({ command: 'npm run bench -- --only undo --again', scenarios: [undone(2)] })
    const page = pageOf(measuredAgain(figures({ scenarios: [undone(1), other] }), later), '')
    expect(page).toMatch(/\| undo \| +2\.00 s \|/)
    expect(page).toMatch(/\| large \| +7\.00 s \|/)
    expect(page).toContain('Measured again by `npm run bench -- --only undo --again` on 2026-11-27: undo.')
  })

  it('a short measurement names what it left out, and a scenario that failed keeps the figures until then', () => {
    const { leftOut, quick } = readArguments(['--quick', '--only', 'undo', '100k'])
    expect(leftOut).toContain('1M')
    expect(leftOut).toContain('beside')
    expect(leftOut).not.toContain('100k')
    const early = scenario({ figures: [{ what: 'undo', value: 1, unit: 's' }], failed: 'The run did not end' })
    const page = pageOf(figures({ leftOut, quick, scenarios: [early] }), '')
    expect(page).toContain('Left out of this run')
    expect(page).toContain('`1M`')
    expect(page).toContain('**Ended early:** The run did not end')
    expect(page).toMatch(/\| undo \| +1\.00 s \|/)
  })
})
