import { Injectable } from '@nestjs/common';
import { Audience } from './audience.js';
import { Bus } from './bus/bus.js';
import type { Connection } from './connection.js';
import { Meters } from './meters.js';
import type { EventTopic } from './topics.js';

interface Feed {
  readonly audience: Audience;
  readonly opened: Promise<void>;
  listeners: number;
}

/** Topics of other things than conversations, whose events are shown as they come: nothing is replayed or repaired. */
@Injectable()
export class Feeds {
  private readonly feeds = new Map<EventTopic, Feed>();

  constructor(
    private readonly bus: Bus,
    private readonly meters: Meters,
  ) {}

  /** Shows a connection a topic's events, from before the answer until it ends or takes up another dialect. */
  async follow(topic: EventTopic, connection: Connection): Promise<void> {
    const feed = this.feeds.get(topic) ?? this.open(topic);
    feed.listeners++;
    feed.audience.add(connection);
    connection.onDepart(() => {
      feed.audience.delete(connection);
      if (--feed.listeners === 0) this.close(topic);
    });
    await feed.opened;
  }

  private open(topic: EventTopic): Feed {
    const audience = new Audience('entered', this.meters);
    const opened = this.bus.subscribe(topic, (event) => audience.show(event));
    const feed = { audience, opened, listeners: 0 };
    this.feeds.set(topic, feed);
    return feed;
  }

  private close(topic: EventTopic): void {
    this.feeds.delete(topic);
    this.bus.unsubscribe(topic);
  }
}
