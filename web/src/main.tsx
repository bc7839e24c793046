import { render } from 'preact'
import { App } from './app.tsx'
import { preload } from './routes.tsx'
import { wasSignedIn } from './session.ts'
import './style/index.css'

// The code of the page is loaded at the same time as the session, unless only the sign-in page is likely to be shown.
if (wasSignedIn()) preload(location.pathname)

const root = document.getElementById('app')
if (root !== null) render(<App />, root)
