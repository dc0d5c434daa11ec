import { type DocumentRules, provedIn } from './rule.js';

const pets = provedIn('test/conformance/pets.e2e.ts');

const LISTS_CLIENTS = pets('lists for a client those it has created, the last active first');
const LISTS_PROVIDERS = pets('lists for a provider those to which it was invited');
const SENDS = pets('message > goes to all subscribed connections, the sender’s too, and to nobody else');
const NOT_YOURS = pets('message > is an error for who takes no part, alike for a conversation that does not exist');
const CREATES = pets('tells all connections of the client that it is created, and the providers that they are invited');
const CLIENTS_ONLY = pets('new_conversation > is for clients only');
const HISTORY = pets('conversation_history > shows messages, the newest first');
const PAGES = pets('conversation_history > counts pages from 0 (%j)');
const HISTORY_ACCESS = pets('conversation_history > is for who takes part');
const SUBSCRIBES = pets('subscribing > ends and begins again when it is asked for');
const SUBSCRIBE_ACCESS = pets('subscribing > is for who takes part');
const COMES_AND_GOES = pets('tell the others when a user’s first connection comes and when the last one is gone');
const UNSUBSCRIBES = pets('tell the others when the last connection unsubscribes, and when one subscribes again');
const ERRORS = pets('a bad frame > costs an error and nothing else');
const CLEANS_UP = pets('disconnecting > ends all that the connection heard, and leaves nothing behind');

const ROLES = 'Role-Based Access';
const AUTOMATIC = 'Automatic Subscriptions';
const DISCONNECTION = 'Disconnection';
const PRESENCE = 'User Presence';

const fromServer = (event: string, params: unknown): object => ({
  sender_id: '00000000-0000-0000-0000-000000000000',
  event,
  params,
});
const byUser = (event: string, params: unknown): object => ({ sender_id: 'user-uuid', event, params });

const message = {
  id: 'message-uuid',
  conversation_id: 'conversation-uuid',
  sender_id: 'user-uuid',
  content: 'Message content',
  timestamp: 1672574400000,
};
const consultation = {
  id: 'conversation-uuid',
  providers: ['provider-uuid-1', 'provider-uuid-2'],
  client: 'client-uuid',
  pet: 'pet-uuid',
  last_message: '',
  last_updated_timestamp: 1672574400000,
};
const subscription = { conversation_id: 'conversation-uuid', status: 'success' };

/** `pets.md` */
export const rules: DocumentRules = {
  document: 'pets.md',
  title: 'pets: WebSocket Server API Documentation',
  rules: [
    { section: 'Overview', rule: 'Access to conversations is by role.', proof: LISTS_PROVIDERS },
    { section: 'Overview', rule: 'Messages come in real time in their conversation.', proof: SENDS },
    { section: 'Overview', rule: 'Conversations are created and retrieved.', proof: CREATES },
    { section: 'Overview', rule: 'Messages go to participants only.', proof: SENDS },
    {
      section: 'WebSocket Connection',
      rule: 'The address is /ws/.',
      proof: pets('shares its path with flat, and the first frame tells which is spoken'),
    },
    {
      section: 'WebSocket Connection',
      rule: 'Each client has a user ID from connecting on.',
      proof: pets('is one that says it is from someone else'),
    },
    { section: 'WebSocket Connection', rule: 'The server expects structured JSON.', proof: ERRORS },
    { section: ROLES, rule: 'Clients can create conversations.', proof: CREATES },
    { section: ROLES, rule: 'Clients see only their own.', proof: LISTS_CLIENTS },
    { section: ROLES, rule: 'Providers see only those to which they were invited.', proof: LISTS_PROVIDERS },
    { section: ROLES, rule: 'Users send only in conversations of which they are part.', proof: NOT_YOURS },
    { section: 'Events / 1. conversations', rule: 'For clients: those that they created.', proof: LISTS_CLIENTS },
    {
      section: 'Events / 1. conversations',
      rule: 'For providers: those to which they were invited.',
      proof: LISTS_PROVIDERS,
    },
    { section: 'Events / 2. message', rule: 'Only users who are part of it can send.', proof: NOT_YOURS },
    { section: 'Events / 2. message', rule: 'All participants receive message_sent.', proof: SENDS },
    { section: 'Events / 2. message', rule: 'If unauthorized, the sender receives an error.', proof: NOT_YOURS },
    { section: 'Events / 2. message', rule: 'If an error occurs, the sender receives an error.', proof: ERRORS },
    { section: 'Events / 3. new_conversation', rule: 'Only clients can create conversations.', proof: CLIENTS_ONLY },
    { section: 'Events / 3. new_conversation', rule: 'The client receives conversation_created.', proof: CREATES },
    {
      section: 'Events / 3. new_conversation',
      rule: 'The providers receive new_conversation_invitation.',
      proof: CREATES,
    },
    {
      section: 'Events / 4. conversation_history',
      rule: 'Only users who are part of it can access it.',
      proof: HISTORY_ACCESS,
    },
    { section: 'Events / 4. conversation_history', rule: 'page counts from 0, limit is its length.', proof: PAGES },
    {
      section: 'Events / 4. conversation_history',
      rule: 'total_count counts all messages; has_more tells of a further page.',
      proof: PAGES,
    },
    {
      section: 'Events / 5. subscribe_conversation',
      rule: 'Only users who are part of it can subscribe.',
      proof: SUBSCRIBE_ACCESS,
    },
    {
      section: 'Events / 5. subscribe_conversation',
      rule: 'Its updates come from then on.',
      proof: SUBSCRIBES,
    },
    {
      section: 'Events / 6. unsubscribe_conversation',
      rule: 'Its updates come no more.',
      proof: SUBSCRIBES,
    },
    {
      section: 'Events / 7. user_left',
      rule: 'Sent to all participants when a user unsubscribes.',
      proof: UNSUBSCRIBES,
    },
    {
      section: 'Error Handling',
      rule: 'Unauthorized access is answered by an error.',
      proof: NOT_YOURS,
    },
    { section: 'Error Handling', rule: 'An invalid format is answered by an error.', proof: ERRORS },
    {
      section: 'Error Handling',
      rule: 'A fault of the server is answered by an error, which tells nothing of it.',
      proof: pets('a bad frame > is answered with an error also where the fault is the server’s'),
    },
    {
      section: AUTOMATIC,
      rule: '1. All conversations of which they are part when they connect.',
      proof: SENDS,
    },
    {
      section: AUTOMATIC,
      rule: '2. Any conversation to which they send.',
      proof: pets('message > subscribes its sender, who hears it, once'),
    },
    {
      section: AUTOMATIC,
      rule: '3. Any conversation whose history they request.',
      proof: pets('conversation_history > subscribes who asks for it'),
    },
    {
      section: AUTOMATIC,
      rule: '4. Any new conversation that they create or to which they are invited.',
      proof: pets('new_conversation > subscribes all of them'),
    },
    {
      section: 'Conversation-Specific Broadcasting',
      rule: 'Messages go only to users who are subscribed.',
      proof: SUBSCRIBES,
    },
    { section: DISCONNECTION, rule: '1. Its session is removed from the active ones.', proof: CLEANS_UP },
    { section: DISCONNECTION, rule: '2. It is removed from all subscriptions.', proof: CLEANS_UP },
    { section: DISCONNECTION, rule: '3. Empty subscriptions are cleaned up.', proof: CLEANS_UP },
    { section: PRESENCE, rule: '1. Who connects is subscribed to all their conversations.', proof: SENDS },
    {
      section: PRESENCE,
      rule: '2. When a user subscribes by connecting, all others receive user_joined with the profile.',
      proof: COMES_AND_GOES,
    },
    { section: PRESENCE, rule: '2. When a user subscribes by asking for it, likewise.', proof: UNSUBSCRIBES },
    {
      section: PRESENCE,
      rule: '3. When a user unsubscribes, all others receive user_left with the profile.',
      proof: UNSUBSCRIBES,
    },
    {
      section: PRESENCE,
      rule: '4. The profile is complete: no further call is needed.',
      proof: pets('show who the user is now'),
    },
  ],
  examples: [
    {
      section: 'Message Format',
      name: 'the envelope',
      json: { sender_id: 'uuid-of-sender', event: 'event-name', params: {} },
      proof: SENDS,
    },
    {
      section: 'Events / 1. conversations',
      name: 'Message Format',
      frame: ['in', 'pets', 'conversations'],
      json: byUser('conversations', {}),
      proof: LISTS_CLIENTS,
    },
    {
      section: 'Events / 1. conversations',
      name: 'Response',
      frame: ['out', 'pets', 'conversations'],
      json: fromServer('conversations', [{ ...consultation, last_message: 'Last message content' }]),
      proof: LISTS_CLIENTS,
    },
    {
      section: 'Events / 2. message',
      name: 'Message Format',
      frame: ['in', 'pets', 'message'],
      json: byUser('message', { conversation_id: 'conversation-uuid', content: 'Your message text' }),
      proof: SENDS,
    },
    {
      section: 'Events / 2. message',
      name: 'Response',
      frame: ['out', 'pets', 'message_sent'],
      json: fromServer('message_sent', { ...message, content: 'Your message text' }),
      proof: SENDS,
    },
    {
      section: 'Events / 3. new_conversation',
      name: 'Message Format',
      frame: ['in', 'pets', 'new_conversation'],
      json: {
        sender_id: 'client-uuid',
        event: 'new_conversation',
        params: { pet_id: 'pet-uuid', providers: ['provider-uuid-1', 'provider-uuid-2'] },
      },
      proof: CREATES,
    },
    {
      section: 'Events / 3. new_conversation',
      name: 'Response to the client',
      frame: ['out', 'pets', 'conversation_created'],
      json: fromServer('conversation_created', consultation),
      proof: CREATES,
    },
    {
      section: 'Events / 3. new_conversation',
      name: 'Response to the providers',
      frame: ['out', 'pets', 'new_conversation_invitation'],
      json: fromServer('new_conversation_invitation', consultation),
      proof: CREATES,
    },
    {
      section: 'Events / 4. conversation_history',
      name: 'Message Format',
      frame: ['in', 'pets', 'conversation_history'],
      json: byUser('conversation_history', { conversation_id: 'conversation-uuid', page: 0, limit: 20 }),
      proof: HISTORY,
    },
    {
      section: 'Events / 4. conversation_history',
      name: 'Response',
      frame: ['out', 'pets', 'conversation_history_response'],
      json: fromServer('conversation_history_response', { messages: [message], total_count: 45, has_more: true }),
      proof: HISTORY,
    },
    {
      section: 'Events / 5. subscribe_conversation',
      name: 'Message Format',
      frame: ['in', 'pets', 'subscribe_conversation'],
      json: byUser('subscribe_conversation', { conversation_id: 'conversation-uuid' }),
      proof: SUBSCRIBES,
    },
    {
      section: 'Events / 5. subscribe_conversation',
      name: 'Response',
      frame: ['out', 'pets', 'subscribed'],
      json: fromServer('subscribed', subscription),
      proof: SUBSCRIBES,
    },
    {
      section: 'Events / 6. unsubscribe_conversation',
      name: 'Message Format',
      frame: ['in', 'pets', 'unsubscribe_conversation'],
      json: byUser('unsubscribe_conversation', subscription),
      proof: SUBSCRIBES,
    },
    {
      section: 'Events / 6. unsubscribe_conversation',
      name: 'Response',
      frame: ['out', 'pets', 'unsubscribed'],
      json: fromServer('unsubscribed', subscription),
      proof: SUBSCRIBES,
    },
    {
      section: 'Events / 7. user_left',
      name: 'user_left',
      frame: ['out', 'pets', 'user_left'],
      json: fromServer('user_left', {
        user_id: 'user-uuid',
        display_name: 'John Doe',
        profile_image_url: 'https://example.com/profile.jpg',
        conversation_id: 'conversation-uuid',
        timestamp: 1615482367000,
        reason: 'unsubscribed',
      }),
      proof: UNSUBSCRIBES,
    },
    {
      section: 'Error Handling',
      name: 'error',
      frame: ['out', 'pets', 'error'],
      json: fromServer('error', { message: 'Error description here' }),
      proof: ERRORS,
    },
  ],
  omitted: [],
  unserved: [],
};
