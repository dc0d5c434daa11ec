/** Whether PostgreSQL can keep `text` as it is and UTF-8 can carry it: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** The length of `text` in characters (code points), as people count them: an emoji is one. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xd800) {
      length--;
      index++;
    }
  }
  return length;
}
