import { readFileSync } from 'node:fs';

/** What every document says of the server. */
export interface About {
  readonly title: string;
  /** Of the program, not of the protocols. */
  readonly version: string;
}

/** As `package.json` has it, which lies two folders above this file, in the sources and in the build alike. */
export function readAbout(): About {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as About;
  return { title: 'Parlance', version: manifest.version };
}
