import { start } from 'parlance';
import { additions } from './additions.js';

await start(additions);
