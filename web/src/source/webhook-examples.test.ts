import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { curlOf, s3FunctionOf } from './webhook-examples.ts'

const URL = 'https://muster.example.org/hooks/sources/7'

it('the lines for curl sign the body that they send', () => {
  const script = curlOf({ url: URL, secret: 'the-secret' }).replace(/^curl .*$/m, 'echo "$time|$body|$signature"')
  const [time = '', body = '', signature] = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim().split('|')
  expect(JSON.parse(body)).toEqual({ call: expect.stringMatching(/^\d+-\d+$/) })
  expect(signature).toBe(createHmac('sha256', 'the-secret').update(`${time}.${body}`).digest('hex'))
})

it('the examples have the address, and a secret only if it was made just now', () => {
  expect(curlOf({ url: URL, secret: null })).toContain(`MUSTER_SECRET='the secret'`)
  expect(curlOf({ url: URL, secret: null })).toContain(URL)
  expect(s3FunctionOf({ url: URL, secret: 'the-secret' })).toContain(`fetch('${URL}'`)
  expect(s3FunctionOf({ url: URL, secret: 'the-secret' })).not.toContain('the-secret')
})
