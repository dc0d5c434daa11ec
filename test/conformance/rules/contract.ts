import { type DocumentRules, provedIn } from './rule.js';

const flat = provedIn('test/conformance/flat.e2e.ts');
const dashboard = provedIn('test/conformance/dashboard.e2e.ts');
const socketio = provedIn('test/conformance/socketio.e2e.ts');
const tribe = provedIn('test/conformance/tribe.e2e.ts');
const channels = provedIn('test/conformance/channels.e2e.ts');
const pets = provedIn('test/conformance/pets.e2e.ts');
const connections = provedIn('test/realtime/connections.e2e.ts');
const handshakes = provedIn('test/realtime/handshakes.e2e.ts');
const room = provedIn('src/realtime/room.spec.ts');
const published = provedIn('test/docs/asyncapi.e2e.ts');
const ports = provedIn('test/shell/ports.e2e.ts');
const settings = provedIn('src/config/settings.spec.ts');
const userEmail = provedIn('test/auth/user-email.e2e.ts');
const crossing = provedIn('test/conformance/crossing/messages.e2e.ts');
const nodes = provedIn('test/cluster/crossing.e2e.ts');
const repair = provedIn('test/cluster/repair.e2e.ts');

const EVERY = 'Every dialect';
const WHICH = 'Which dialect a connection speaks';
const CREDENTIALS = 'Credentials at a handshake';

/** What the project has settled where the documents are silent, or two of them collide. */
export const rules: DocumentRules = {
  document: 'contract',
  title: 'What the documents leave open',
  rules: [
    {
      section: EVERY,
      rule: '1. Documented frames have exactly the documented keys.',
      proof: published('A frame that the documents do not allow > %s'),
    },
    {
      section: EVERY,
      rule: '1. What goes beyond the documents is sent to those alone who asked for it.',
      proof: tribe('shows edits and deletes to those who asked for the extension, and to no others'),
    },
    {
      section: EVERY,
      rule: '2. All dialects are served by one process, at several ports.',
      proof: ports('carries a conversation between those who came in by different ones'),
    },
    {
      section: EVERY,
      rule: '2. PORT=8000,8080,3000 serves the examples as printed.',
      proof: settings('serve the three ports of the documents when asked to'),
    },
    {
      section: EVERY,
      rule: '3. Refused before the upgrade: 401, without valid credentials.',
      proof: handshakes('is refused with 401 without valid credentials, whatever dialect is named'),
    },
    {
      section: EVERY,
      rule: '3. 403, from a web page elsewhere.',
      proof: handshakes('is refused with 403 from a web page elsewhere'),
    },
    {
      section: EVERY,
      rule: '3. 403, for a role that may not.',
      proof: dashboard('shows a session that is its host’s alone to the host and to admins only'),
    },
    {
      section: EVERY,
      rule: '3. 404, at an unknown path.',
      proof: handshakes('is refused with 404 at a path that no dialect serves'),
    },
    {
      section: EVERY,
      rule: '3. 404 for an unknown session, 400 for a malformed id.',
      proof: dashboard('is refused for a session that is not there, and for an id that is none'),
    },
    {
      section: EVERY,
      rule: '3. 400, for a malformed address.',
      proof: handshakes('is refused with 400 where the address is malformed or names an unknown dialect'),
    },
    {
      section: EVERY,
      rule: '3. 429, with too many connections.',
      proof: handshakes('is refused with 429 when the user has too many connections, however many ask at once'),
    },
    {
      section: EVERY,
      rule: '3. 503 with Retry-After, while the server shuts down.',
      proof: handshakes('is refused with 503 while the server shuts down'),
    },
    {
      section: EVERY,
      rule: '3. Socket.IO clients get connect_error with err.data.status.',
      proof: socketio('is refused with 401 without a valid token, by %s'),
    },
    ...(
      [
        ['flat', flat('answers bad frames with an error and nothing else')],
        ['tribe', tribe('answers bad frames with an error and nothing else')],
        ['channels', channels('answers bad frames with an error and nothing else')],
        ['socketio', socketio('answer bad events with an error and nothing else')],
        ['pets', pets('a bad frame > costs an error and nothing else')],
      ] as const
    ).map(([name, proof]) => ({
      section: EVERY,
      rule: `4. A bad frame costs an error, not the connection: ${name}.`,
      proof,
    })),
    {
      section: EVERY,
      rule: '4. Frames over 64 KiB close with 1009.',
      proof: connections('is closed with 1009 by a frame that is too large, and no other connection notices'),
    },
    {
      section: EVERY,
      rule: '4. Repeated abuse closes with 1008.',
      proof: connections('is closed with 1008 by bad frames without end'),
    },
    {
      section: EVERY,
      rule: '4. "Does not exist" and "not yours" get the same answer: flat.',
      proof: flat('gives the same answer for a conversation that is not there and for one that is not yours'),
    },
    {
      section: EVERY,
      rule: '4. … and socketio.',
      proof: socketio('do not tell a conversation of others from none'),
    },
    {
      section: EVERY,
      rule: '5. An acknowledged message survives the death of the server.',
      proof: provedIn('test/faults/kill.e2e.ts')(
        'has every acknowledged message once afterwards, and no gap between their numbers',
      ),
    },
    {
      section: EVERY,
      rule: '6. Each connection sees the messages once each, in the order of their offsets, whatever the bus does.',
      proof: room('shows changes in their order, each once, though they come twice and out of order'),
    },
    {
      section: EVERY,
      rule: '6. … also when the bus has lost some.',
      proof: room('fills a gap from the database before it shows what comes after'),
    },
    {
      section: EVERY,
      rule: '6. … also what was sent through other nodes.',
      proof: nodes('show it what is sent at the other, each once and in order'),
    },
    {
      section: EVERY,
      rule: '7. … also when it was taken away at another node, and the bus is cut.',
      proof: repair('ends what was taken away at the other within a second'),
    },
    {
      section: 'channels',
      rule: '`total_clients` counts connected `channels` clients, on all nodes.',
      proof: nodes('count the clients of both'),
    },
    {
      section: EVERY,
      rule: '6. … in every dialect, whatever happens around it.',
      proof: provedIn('test/model/hearing.e2e.ts')(
        'is heard as the model of it says, in ${SCHEDULES} random schedules',
      ),
    },
    {
      section: EVERY,
      rule: '7. Who is removed gets nothing more, at once, in every dialect.',
      proof: provedIn('test/model/hearing.e2e.ts')(
        'is heard as the model of it says, in ${SCHEDULES} random schedules',
      ),
    },
    {
      section: EVERY,
      rule: '7. The sockets of a login that ends close with 4401.',
      proof: connections('is closed with 4401 when its login ends, and the user’s other logins are not'),
    },
    {
      section: EVERY,
      rule: '7. … of a user who is disabled.',
      proof: connections('is closed with 4401 when its user is disabled'),
    },
    {
      section: EVERY,
      rule: '7. … whose token expires.',
      proof: connections('is closed with 4401 when its token expires'),
    },
    {
      section: WHICH,
      rule: '1. The subprotocol or the query decides first.',
      proof: handshakes('chooses the dialect by subprotocol and query before the path'),
    },
    {
      section: WHICH,
      rule: '2. At /ws and /ws/ the path decides, and the first frame corrects.',
      proof: pets('shares its path with flat, and the first frame tells which is spoken'),
    },
    {
      section: WHICH,
      rule: '3. At /api/v1/ws a User-Email header or channel_id means channels.',
      proof: channels('joins the channel of the address at once'),
    },
    {
      section: WHICH,
      rule: '3. … and else tribe, which the first frame corrects.',
      proof: channels('speaks to a client with a token whose first frame has this dialect’s shape'),
    },
    {
      section: WHICH,
      rule: 'What the handshake has fixed is kept.',
      proof: handshakes('keeps the dialect that it named, whatever the first frame looks like'),
    },
    {
      section: CREDENTIALS,
      rule: 'Header, query or subprotocol carry the token, at every websocket path.',
      proof: handshakes('finds the token in the header, the query or a subprotocol'),
    },
    {
      section: CREDENTIALS,
      rule: 'The first that are found win.',
      proof: handshakes('takes the first credentials found, good or not'),
    },
    {
      section: CREDENTIALS,
      rule: 'The subprotocol that is selected is not the token’s.',
      proof: flat('lets a browser offer its token as a subprotocol, and selects the other one'),
    },
    {
      section: CREDENTIALS,
      rule: 'Tokens never appear in logs.',
      proof: provedIn('test/shell/logs.e2e.ts')(
        'has no password, no token and nothing that anybody said, at its most talkative',
      ),
    },
    {
      section: CREDENTIALS,
      rule: 'User-Email: dev believes loopback peers.',
      proof: userEmail('names a registered user, in any case, for a loopback peer'),
    },
    {
      section: CREDENTIALS,
      rule: 'User-Email: trusted believes the proxies that are named.',
      proof: userEmail('is believed from a trusted proxy'),
    },
    {
      section: CREDENTIALS,
      rule: 'User-Email: off believes nobody; in production that is the default.',
      proof: settings('believe a User-Email header of this machine while developing, and of nobody in production'),
    },
    {
      section: CREDENTIALS,
      rule: 'A believed header with an unknown e-mail is 401.',
      proof: channels('requires the e-mail address of a registered user, once'),
    },
    {
      section: 'flat',
      rule: 'A message arrives at all of the user’s connections but the one that sent it.',
      proof: flat('shows a message to all of the sender’s connections but the one that sent it'),
    },
    {
      section: 'flat',
      rule: 'Edits and deletes send the full object again.',
      proof: flat('sends the full message again when it is edited and when it is deleted, with its flag set'),
    },
    {
      section: 'flat',
      rule: 'ack: the sender gets client_message_id and the message.',
      proof: flat('acknowledges a stored message to a client that asked for it, and a repeat with the first message'),
    },
    {
      section: 'flat',
      rule: 'Notifications go to the user’s own connections; without a link it is {"String":"","Valid":false}.',
      proof: flat('tells all of the user’s connections of notifications that are created, read and deleted'),
    },
    {
      section: 'dashboard',
      rule: 'Read-only: what a client sends is ignored.',
      proof: dashboard('shows nothing of other sessions, and does not look at what clients send'),
    },
    {
      section: 'dashboard',
      rule: 'Anyone may watch a public session.',
      proof: dashboard('shows a check-in to anyone who watches, with exactly the documented keys'),
    },
    {
      section: 'dashboard',
      rule: 'A session for its host: 401 without a token, 403 for others.',
      proof: dashboard('shows a session that is its host’s alone to the host and to admins only'),
    },
    {
      section: 'dashboard',
      rule: 'Refused check-ins show too.',
      proof: dashboard('shows a refused check-in, too, and says why'),
    },
    {
      section: 'socketio',
      rule: 'Ids out are integers; in, a number, numeric text or uuid. The sender gets new_message too.',
      proof: socketio(
        'arrive in the room as new_message, the sender’s sockets too, and as message_notification at the others',
      ),
    },
    {
      section: 'socketio',
      rule: 'receiver_id elsewhere than in a direct conversation: toUserId, else null.',
      proof: socketio('in a group are addressed to whom the sender named, or to nobody'),
    },
    {
      section: 'socketio',
      rule: 'send_message without conversationId uses, or starts, the direct conversation.',
      proof: socketio('to someone start the direct conversation with them once, however many are sent at once'),
    },
    {
      section: 'socketio',
      rule: 'messages_read goes to the room but the reader.',
      proof: socketio('tells the room but its reader that messages were read, by an event or by REST'),
    },
    {
      section: 'socketio',
      rule: 'typing_start and typing_stop go to the room but who types.',
      proof: socketio('tells the room but who types of typing, in tribe too'),
    },
    {
      section: 'socketio',
      rule: 'read_at and is_read tell whether the receiver has read it.',
      proof: socketio(
        'carries offsets, and replays what was missed before anything live, with what was read meanwhile',
      ),
    },
    {
      section: 'socketio',
      rule: 'A callback gets {ok:true, message} …',
      proof: socketio('answer the callback that the client passed'),
    },
    {
      section: 'socketio',
      rule: '… or {ok:false, error}, and error is emitted either way.',
      proof: socketio('tell a callback, too, what was wrong'),
    },
    {
      section: 'socketio',
      rule: 'edits: message_updated, message_deleted.',
      proof: socketio('shows edits and deletes to those who asked for them, by auth or query, and to no others'),
    },
    {
      section: 'tribe',
      rule: 'subscribe needs a participant …',
      proof: tribe('verifies a subscription against the database'),
    },
    { section: 'tribe', rule: '… or an open channel.', proof: tribe('lets anyone subscribe to an open channel') },
    {
      section: 'tribe',
      rule: 'message.new goes to subscribed connections of everyone but its sender.',
      proof: tribe('broadcasts a message that is sent by REST to all who subscribed but its sender'),
    },
    { section: 'tribe', rule: 'typing likewise.', proof: tribe('tells the others who is typing') },
    {
      section: 'tribe',
      rule: 'presence goes to those who are subscribed to a conversation shared with the user.',
      proof: tribe(
        'tells a status once to each connection that shares a conversation, and offline when the last connection ends',
      ),
    },
    {
      section: 'tribe',
      rule: 'Who announced a presence goes offline when the last connection closes.',
      proof: tribe('says offline when a user who announced a presence has closed the last connection'),
    },
    {
      section: 'tribe',
      rule: 'unsubscribe has no answer.',
      proof: tribe('sends nothing more after an unsubscribe, which has no answer'),
    },
    {
      section: 'tribe',
      rule: 'edits: message.updated, message.deleted.',
      proof: tribe('shows edits and deletes to those who asked for the extension, and to no others'),
    },
    {
      section: 'channels',
      rule: '?channel_id= joins at once.',
      proof: channels('joins the channel of the address at once'),
    },
    {
      section: 'channels',
      rule: 'channel_joined and channel_left go to the connection that joined or left.',
      proof: channels('joins and leaves channels by frames, telling the one who did'),
    },
    {
      section: 'channels',
      rule: 'Message events go to all in the channel, the sender too.',
      proof: channels(
        'broadcasts a message that is sent, updated and deleted by REST to everyone in the channel, its sender too',
      ),
    },
    {
      section: 'channels',
      rule: 'The statistics need no credentials, and name open channels only.',
      proof: channels('counts its clients, and those in each open channel'),
    },
    {
      section: 'channels',
      rule: 'CHANNEL_AUTOCREATE=false makes no channel by itself.',
      proof: channels('makes no channel by itself where that is turned off'),
    },
    {
      section: 'pets',
      rule: 'sender_id must be the connection’s user.',
      proof: pets('is one that says it is from someone else'),
    },
    {
      section: 'pets',
      rule: 'Other roles see the conversations in which they take part.',
      proof: pets('lists for others those in which they take part, of whatever kind'),
    },
    {
      section: 'pets',
      rule: 'new_conversation: a pet of the client’s own …',
      proof: pets('needs a pet of the client’s own, and says of others’ only that they are not found'),
    },
    {
      section: 'pets',
      rule: '… and providers who have that role.',
      proof: pets('invites providers only, and does not say who else there is'),
    },
    {
      section: 'pets',
      rule: 'conversation_created goes to all of the client’s connections, the invitation to the providers’.',
      proof: pets('tells all connections of the client that it is created, and the providers that they are invited'),
    },
    {
      section: 'pets',
      rule: 'message_sent goes to all subscribed connections, the sender’s too.',
      proof: pets('message > goes to all subscribed connections, the sender’s too, and to nobody else'),
    },
    {
      section: 'pets',
      rule: 'page is from 0 (0), limit 1 to 100 (20), newest first.',
      proof: pets('counts pages from 0 (%j)'),
    },
    {
      section: 'pets',
      rule: 'What is out of range is an error.',
      proof: pets('does not bend what is out of range (%j)'),
    },
    {
      section: 'pets',
      rule: 'user_joined and user_left go to the other participants, for the first connection and the last.',
      proof: pets('tell the others when a user’s first connection comes and when the last one is gone'),
    },
    {
      section: 'pets',
      rule: 'reason is unsubscribed or disconnected.',
      proof: pets('tell the others when the last connection unsubscribes, and when one subscribes again'),
    },
    {
      section: 'Resuming',
      rule: 'flat has the frame resume.',
      proof: flat('replays what was missed, in order, each change once, and then what happens'),
    },
    {
      section: 'Resuming',
      rule: 'tribe: subscribe takes since.',
      proof: tribe('carries the offset, and replays what was missed before anything live'),
    },
    {
      section: 'Resuming',
      rule: 'channels: join_channel takes since.',
      proof: channels('resumes from an offset with the extension resume'),
    },
    {
      section: 'Resuming',
      rule: 'pets: subscribe_conversation takes since.',
      proof: pets('resumes: carries the offset, and replays what was missed before anything live'),
    },
    {
      section: 'Resuming',
      rule: 'socketio: join_conversation takes since.',
      proof: socketio(
        'carries offsets, and replays what was missed before anything live, with what was read meanwhile',
      ),
    },
    {
      section: 'Resuming',
      rule: 'More than RESUME_LIMIT changes: nothing is replayed.',
      proof: room('shows nothing of the past, and all of the future, when too much was missed'),
    },
    {
      section: 'Resuming',
      rule: 'since from the future: nothing is replayed.',
      proof: flat('replays nothing when the offset is from the future'),
    },
    {
      section: 'Across dialects',
      rule: 'A message that is sent by REST is heard in each dialect, in its form.',
      proof: crossing('hears, each in its form, what is sent by REST to the conversation'),
    },
    {
      section: 'Across dialects',
      rule: '… or in flat.',
      proof: crossing('hears, each in its form, what is sent in flat'),
    },
    {
      section: 'Across dialects',
      rule: '… or in socketio.',
      proof: socketio('cross to and from the other dialects and REST'),
    },
    {
      section: 'Across dialects',
      rule: '… or in pets.',
      proof: pets('is heard in each of them'),
    },
    {
      section: 'Across dialects',
      rule: 'Typing crosses between socketio and tribe.',
      proof: socketio('tells the room but who types of typing, in tribe too'),
    },
    {
      section: 'Across dialects',
      rule: 'Reading crosses between socketio and REST.',
      proof: socketio('tells the room but its reader that messages were read, by an event or by REST'),
    },
  ],
  examples: [],
  omitted: [],
  unserved: [],
};
