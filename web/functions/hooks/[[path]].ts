export { onRequest } from '../../forward.ts'
