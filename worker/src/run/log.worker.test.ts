import { expect, it, vi } from 'vitest'
import { csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

it('each step and each end of a run is one line of JSON in the log, with nothing of a contact', async () => {
  const world = await World.start()
  const lines: string[] = []
  for (const method of ['log', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((line: string) => void lines.push(line))
  const source = await world.source({ notify: { emails: ['recipient@example.org'], when: 'always' } })
  const { id } = await world.import(source, csvOf([{ ID: 'secret-id', Name: 'Ana Núñez', Number: '6045550100' }]))
  const failed = await world.import(source, () => new Response('no', { status: 403 }))
  const logged = lines.map((line) => JSON.parse(line))
  const steps = logged.filter(({ event, run }) => event === 'step' && run === id)
  expect(steps.map(({ step, outcome, source: of, attempt }) => [step, outcome, of, attempt])).toEqual([
    ['fetch', 'done', source, 0],
    ['plan', 'done', source, 1],
    ['apply', 'done', source, 2],
  ])
  for (const { ms } of steps) expect(ms).toBeGreaterThanOrEqual(0)
  expect(logged.filter(({ event }) => event === 'run')).toMatchObject([
    {
      run: id,
      source,
      trigger: 'manual',
      mode: 'apply',
      status: 'succeeded',
      counts: { added: 1 },
      applied: { added: 1 },
    },
    { run: failed.id, status: 'failed', code: 'forbidden' },
  ])
  expect(logged.filter(({ step }) => step === 'notify').length).toBeGreaterThan(0)
  expect(lines.join('\n')).not.toMatch(/secret-id|Ana|6045550100|recipient/)
})

it('a step that fails is logged with the kind of the error and the place in the code', async () => {
  const world = await World.start()
  const lines: string[] = []
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line))
  const source = await world.source()
  await world.api('POST', `/api/sources/${source}/runs`, {})
  const [message] = world.messages.splice(0)
  world.faults.crashAt(2, 'before')
  if (message !== undefined) await world.deliver(message.step)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    event: 'step',
    step: 'fetch',
    outcome: 'failed',
    error: expect.any(String),
  })
  expect(JSON.parse(lines[0] ?? '').at.length).toBeGreaterThan(0)
})
