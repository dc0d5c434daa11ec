import type { ConversationRef, EventTopic } from 'parlance';

/** To the conversation: someone asks everyone in it. */
export interface PollOpened {
  readonly type: 'poll.opened';
  readonly topic: EventTopic;
  readonly conversation: ConversationRef;
  readonly pollId: string;
  readonly question: string;
}

declare module 'parlance' {
  interface FeatureEvents {
    'poll.opened': PollOpened;
  }
}
