/** What was written into a form's fields, by their names; those that were left empty are not there. */
export function fieldsOf(form: HTMLFormElement): Readonly<Record<string, string>> {
  const fields = Object.fromEntries(new FormData(form)) as Record<string, string>;
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== ''));
}
