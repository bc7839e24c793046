import { render } from 'preact'
import { App } from './app.tsx'
import { preload } from './routes.tsx'
import { wasSignedIn } from './session.ts'
import './style/index.css'

// The page's code comes beside the session, unless a stranger is likely to see nothing but the sign-in page.
if (wasSignedIn()) preload(location.pathname)

const root = document.getElementById('app')
if (root !== null) render(<App />, root)
