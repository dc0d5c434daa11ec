import type { Listener } from './listener.js';
import type { Place } from '../dialects/dialect.js';
import type { DomainEvent } from './events.js';
import type { Meters } from './meters.js';
import type { Rendered, Voice } from './voice.js';

/** The connections that listen to something, by voice: an event is encoded once for each voice, not for each socket. */
export class Audience {
  private readonly groups = new Map<Voice, Set<Listener>>();

  constructor(
    private readonly place: Place,
    private readonly meters: Meters,
  ) {}

  add(listener: Listener): void {
    const group = this.groups.get(listener.voice);
    if (group) group.add(listener);
    else this.groups.set(listener.voice, new Set([listener]));
  }

  delete(listener: Listener): void {
    const group = this.groups.get(listener.voice);
    if (group?.delete(listener) && group.size === 0) this.groups.delete(listener.voice);
  }

  show(event: DomainEvent): void {
    for (const [voice, listeners] of this.groups) {
      const rendered = voice.render(event, this.place);
      if (!rendered) continue;
      this.meters.of(voice.dialect.name).shown += listeners.size;
      for (const listener of listeners) listener.hear(rendered);
    }
  }

  /** How many connections of a dialect listen. */
  count(dialect: string): number {
    let count = 0;
    for (const [voice, listeners] of this.groups) if (voice.dialect.name === dialect) count += listeners.size;
    return count;
  }

  *[Symbol.iterator](): Iterator<Listener> {
    for (const listeners of this.groups.values()) yield* listeners;
  }

  /** Shows an event to those who listen to any of `audiences`, to each connection once. */
  static showOnce(audiences: Iterable<Audience>, event: DomainEvent): void {
    const rendered = new Map<Voice, Rendered | undefined>();
    const shown = new Set<Listener>();
    for (const audience of audiences) {
      for (const [voice, listeners] of audience.groups) {
        if (!rendered.has(voice)) rendered.set(voice, voice.render(event, audience.place));
        const form = rendered.get(voice);
        if (!form) continue;
        for (const listener of listeners) {
          if (shown.has(listener)) continue;
          shown.add(listener);
          audience.meters.of(voice.dialect.name).shown++;
          listener.hear(form);
        }
      }
    }
  }
}
