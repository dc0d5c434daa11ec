import type { Frame } from '../dialects/dialect.js';

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|[^"]+/g;

/** JSON with its keys and its strings told apart. */
export function Json({ text }: { readonly text: string }) {
  return (
    <>
      {Array.from(text.matchAll(TOKENS), ([token, string, colon], index) =>
        string ? (
          <span key={index} class={colon ? 'key' : 'string'}>
            {token}
          </span>
        ) : (
          token
        ),
      )}
    </>
  );
}

export function pretty(frame: Frame): string {
  return JSON.stringify(frame, null, 2);
}

/** In one line, with room between. */
export function oneLine(frame: Frame): string {
  return JSON.stringify(frame, null, 1).replaceAll(/\n\s*/g, ' ');
}
