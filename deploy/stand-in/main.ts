import { createInterface } from 'node:readline'
import { dnsComes, emptyAccount } from './account.ts'
import { startStandIn, TOKEN } from './server.ts'

/*
 * Serves an empty account, against which the steps of docs/deploy.md can be tried without one (`npm run deploy:stand-in`). Each press
 * of Enter lets DNS records be seen, which takes minutes with a real account.
 */
const standIn = await startStandIn(emptyAccount())
console.log(`export CLOUDFLARE_API_BASE_URL=${standIn.url} CLOUDFLARE_API_TOKEN=${TOKEN}`)
let shown = 0
setInterval(() => {
  for (const call of standIn.calls.slice(shown)) console.log(call.split('\n', 1)[0])
  shown = standIn.calls.length
}, 200)
createInterface({ input: process.stdin }).on('line', () => {
  dnsComes(standIn.account)
  console.log('DNS records are seen.')
})
