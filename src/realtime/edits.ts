import type { Presentation } from '../dialects/dialect.js';

/** For a dialect whose document has no edits: only those who asked for the extension are shown them (contract §1.1). */
export function onlyWithEdits(presentation: Presentation): Presentation {
  return { frame: (extensions) => (extensions.edits ? presentation.frame(extensions) : undefined) };
}
