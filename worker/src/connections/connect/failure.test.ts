import { describe, expect, it } from 'vitest'
import { statedFailure } from './failure.ts'

const SECRETS = { clientName: 'demo', passKey: 'S3cret\n Word&77' }
const failure = (stated: string) => statedFailure(stated, 'crm.example.org', SECRETS)

describe('what Connect says of an error', () => {
  it.each([
    ['as it is', 'No filter for S3cret\n Word&77 here'],
    ['with other spacing', 'No filter for S3cret Word&77 here'],
    ['in capitals', 'No filter for S3CRET WORD&77 here'],
    ['as XML', 'No filter for S3cret\n Word&amp;77 here'],
    ['as entities', 'No filter for &#83;3cret Word&#x26;77 here'],
    ['between tags', 'No filter for <key>S3cret</key><key>Word&77</key> here'],
    ['percent-encoded', 'No filter for S3cret%0A%20Word%2677 here'],
    ['as JSON', 'No filter for "S3cret\\n Word\\u002677" here'],
    ['in base64', `No filter for ${btoa(SECRETS.passKey)} here`],
    ['in base64 with the client name', `No filter for ${btoa(`demo:${SECRETS.passKey}`)} here`],
    ['cut off by the length that is quoted', `${'no '.repeat(62)}S3cret\n Word&77`],
  ])('is shown without the pass key that it repeats %s', (_, stated) => {
    const { message, advice, code } = failure(stated)
    expect(code).toBe('crm_error')
    expect(message).toContain('answered with an error')
    expect(`${message} ${advice}`).not.toMatch(/s3cret|word|77|UzNj|OlMz|b3Jk/i)
  })

  it('is shown without the client name, and otherwise as it is', () => {
    expect(failure('No filter 7 for demo').message).toBe('crm.example.org answered with an error: “No filter 7 for …”')
  })

  it('is about the pass key, whatever form the key has in it', () => {
    expect(failure('Pass key S3CRET WORD&77 is invalid')).toMatchObject({ code: 'unauthorized' })
  })
})
