import { Bus } from '../../src/realtime/bus/bus.js';
import type { DomainEvent } from '../../src/realtime/events.js';
import type { EventTopic } from '../../src/realtime/topics.js';
import type { TestServer } from '../../src/testing/application.js';

/** What is published on a topic from now on, in the order in which it is; nothing else may listen to that topic. */
export async function eventsOn(server: TestServer, topic: EventTopic): Promise<DomainEvent[]> {
  const events: DomainEvent[] = [];
  await server.app.get(Bus).subscribe(topic, (event) => events.push(event));
  return events;
}
