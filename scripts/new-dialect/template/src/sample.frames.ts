import { Equals, IsISO8601, IsString, IsUUID } from 'class-validator';
import { type ConversationName, Describe, type Frames, IsConversationName } from 'parlance';

const CONVERSATION = '0198c5a0-7b1e-7000-8000-00000000c0de';
const MESSAGE = '0198c5a0-7b1e-7000-8000-00000000face';

@Describe('Say something.', { type: 'say', conversation: CONVERSATION, text: 'Hello' })
export class SayFrame {
  @Equals('say')
  type: 'say';

  @IsConversationName()
  conversation: ConversationName;

  @IsString()
  text: string;
}

@Describe('What one said is stored.', { type: 'stored', conversation: CONVERSATION, id: MESSAGE })
export class StoredFrame {
  @Equals('stored')
  type: 'stored';

  @IsUUID()
  conversation: string;

  @IsUUID()
  id: string;
}

@Describe('Someone said something.', {
  type: 'said',
  conversation: CONVERSATION,
  id: MESSAGE,
  sender: 'ann',
  text: 'Hello',
  at: '2024-01-01T12:00:00.000Z',
})
export class SaidFrame {
  @Equals('said')
  type: 'said';

  @IsUUID()
  conversation: string;

  @IsUUID()
  id: string;

  @IsString()
  sender: string;

  @IsString()
  text: string;

  @IsISO8601()
  at: string;
}

@Describe('A frame was refused.', { type: 'error', message: 'Conversation not found' })
export class ErrorFrame {
  @Equals('error')
  type: 'error';

  @IsString()
  message: string;
}

export const frames: Frames = {
  about: 'Everything that is said where the user takes part.',
  in: { say: SayFrame },
  out: { stored: StoredFrame, said: SaidFrame, error: ErrorFrame },
};
