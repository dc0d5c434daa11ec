import type { Entry } from './frame-log.js';

/** Gives the entries to the person as a file, one JSON object on each line. */
export function exportEntries(entries: readonly Entry[], title: string): void {
  const lines = entries.map(({ at, direction, name, size, text, frame }) =>
    JSON.stringify({ at: new Date(at).toISOString(), direction, name, size, ...(frame ? { frame } : { text }) }),
  );
  const url = URL.createObjectURL(
    new Blob(
      lines.map((line) => `${line}\n`),
      { type: 'application/x-ndjson' },
    ),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = `${title.replaceAll(/\W+/g, '-')}.jsonl`;
  link.click();
  URL.revokeObjectURL(url);
}
