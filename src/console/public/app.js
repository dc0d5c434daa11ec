import { AccountPanel } from './account.js';
import { ConversationPanel } from './conversation-panel.js';
import { FrameLog } from './frame-log.js';
import { Session } from './session.js';
import { SocketPanel } from './socket-panel.js';
import { showStatistics } from './statistics.js';

const session = new Session();
const account = new AccountPanel(session);
const socket = new SocketPanel(session, new FrameLog());
const conversation = new ConversationPanel(session, socket);

for (const panel of [account, socket, conversation]) panel.start();
await showStatistics();
