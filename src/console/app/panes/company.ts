import { signal } from '@preact/signals';

/** Milliseconds after which someone who is said to type is not, unless it is said again. */
const TYPING_LASTS = 6_000;

/** Who else is in a conversation, as far as a pane's dialect tells: who types, and what status people have. */
export class Company {
  readonly typing = signal<readonly string[]>([]);
  readonly statuses = signal<ReadonlyMap<string, string>>(new Map());
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  types(name: string, isTyping: boolean): void {
    clearTimeout(this.#timers.get(name));
    const others = this.typing.value.filter((other) => other !== name);
    this.typing.value = isTyping ? [...others, name] : others;
    if (isTyping)
      this.#timers.set(
        name,
        setTimeout(() => this.types(name, false), TYPING_LASTS),
      );
  }

  is(name: string, status: string): void {
    this.statuses.value = new Map(this.statuses.value).set(name, status);
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.typing.value = [];
    this.statuses.value = new Map();
  }
}
