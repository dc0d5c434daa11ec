import type { Client } from './client.js';
import type { Speech } from '../speech.js';
import { Kind } from './scanner.js';

/** What a sender says: who it is and how many it has said before, in so many characters. */
const LENGTH = 48;

export function contentOf(sender: number, count: number): string {
  return `${sender}-${count}-`.padEnd(LENGTH, '.');
}

/** Listens to all that one client hears: from each sender one message after the other, none left out and none twice. */
export class OrderCheck {
  problem: string | undefined;
  /** How many of each sender's were heard or, where there is no order to hold to, which. */
  private readonly heard = new Map<string, number>();
  private readonly known = new Set<string>();

  constructor(
    client: Client,
    private readonly speech: Pick<Speech, 'contentOf' | 'keepsOrder'>,
  ) {
    client.decodes();
    client.whenTold = (kind, text) => {
      const content = kind === Kind.MESSAGE ? speech.contentOf(text) : undefined;
      if (content !== undefined) this.take(content);
    };
  }

  private take(content: string): void {
    if (!this.speech.keepsOrder) {
      if (this.known.has(content)) this.problem ??= `${content} came twice`;
      this.known.add(content);
      return;
    }
    const [sender, count] = content.split('-', 2) as [string, string];
    const expected = this.heard.get(sender) ?? 0;
    this.heard.set(sender, Number(count) + 1);
    if (Number(count) !== expected) {
      this.problem ??= `of sender ${sender}, message ${count} came where ${expected} should have`;
    }
  }
}
