interface Webhook {
  url: string
  /** Null unless it was made just now: Muster does not show it again. */
  secret: string | null
}

/** Returns the lines of a shell that call a webhook with curl. */
export function curlOf({ url, secret }: Webhook): string {
  return [
    `MUSTER_SECRET='${secret ?? 'the secret'}'`,
    'time=$(date +%s)',
    'body="{\\"call\\":\\"$time-$$\\"}"',
    `signature=$(printf '%s' "$time.$body" | openssl dgst -sha256 -hmac "$MUSTER_SECRET" | sed 's/^.* //')`,
    `curl --fail-with-body --header "Muster-Signature: t=$time,v1=$signature" --data "$body" ${url}`,
  ].join('\n')
}

/** Returns an AWS Lambda function (`index.mjs`) that calls a webhook when S3 tells it of a new object. */
export function s3FunctionOf({ url }: Webhook): string {
  return `import { createHmac, randomUUID } from 'node:crypto'

export async function handler() {
  const time = Math.floor(Date.now() / 1000)
  const body = JSON.stringify({ call: randomUUID() })
  const signature = createHmac('sha256', process.env.MUSTER_SECRET).update(\`\${time}.\${body}\`).digest('hex')
  const response = await fetch('${url}', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Muster-Signature': \`t=\${time},v1=\${signature}\` },
    body,
  })
  // Lambda retries twice after an error.
  if (!response.ok) throw new Error(\`Muster answered \${response.status}: \${await response.text()}\`)
}
`
}
