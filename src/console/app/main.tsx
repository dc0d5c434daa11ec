import { render } from 'preact';
import { App } from './app.js';
import { Console } from './console.js';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/panes.css';
import './styles/frames.css';
import './styles/statistics.css';
import './styles/sessions.css';

// A page that the browser kept while another one renewed the logins knows spent ones.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());

render(<App console={new Console()} />, document.getElementById('app')!);
