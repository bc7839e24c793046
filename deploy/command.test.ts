import { describe, expect, test } from 'vitest'
import { parseAnswers } from './answers.ts'
import { readCommand } from './command.ts'
import { placementFor } from './place.ts'

const ANSWERS = { domain: 'muster.example.org', sender: 'a@example.org', administrator: 'b@example.org', data: 'weur' }

describe('the answers of an operator', () => {
  test('name what is missing or wrong by its flag, all at once', () => {
    expect(() => parseAnswers({ domain: 'no domain', data: 'moon', sender: 'a@example.org' })).toThrow(
      '--domain must be a domain such as muster.example.org\n--administrator is missing\n--data must be one of',
    )
  })

  test('may have the domain as an address', () => {
    expect(parseAnswers({ ...ANSWERS, domain: 'https://Muster.Example.org/' }).domain).toBe('muster.example.org')
  })

  test('have both parts of Cloudflare Access, or none', () => {
    expect(() => parseAnswers({ ...ANSWERS, accessTeam: 'team' })).toThrow('belong together')
    const both = { ...ANSWERS, accessTeam: 'team', accessAudience: 'a'.repeat(64) }
    expect(parseAnswers(both).accessTeam).toBe('team')
  })
})

describe('the arguments', () => {
  test('ask for one thing at a time', () => {
    expect(() => readCommand(['--plan', '--probe'])).toThrow('one at a time')
    expect(() => readCommand(['--rollback', 'database'])).toThrow('--rollback takes worker or pages')
    expect(readCommand(['--rollback', 'pages', '--data', 'eu'])).toEqual({
      ...{ kind: 'rollback', part: 'pages', given: { data: 'eu' } },
    })
  })
})

test('the Worker is placed beside its database, or where Cloudflare measures if the database does not say where it is', () => {
  expect(placementFor('WEUR')).toEqual({ region: 'aws:eu-west-1' })
  expect(placementFor(null)).toEqual({ mode: 'smart' })
})
