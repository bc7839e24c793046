import { registerHooks } from 'node:module'

/** What only the Workers runtime has, and what no schedule uses: the container of the bridge, and sockets. */
const STUB = 'data:text/javascript,export class Container {}'

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@cloudflare/containers' ? { url: STUB, shortCircuit: true } : next(specifier, context),
})
