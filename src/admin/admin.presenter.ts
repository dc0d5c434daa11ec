import { ArrayUnique, IsArray, IsIn, IsInt, IsISO8601, IsNumber, IsString, IsUUID } from 'class-validator';
import { Example } from '../common/example.js';
import { SurveyPage } from '../common/survey-page.js';
import { IsListOf, IsObjectOf, Nullable } from '../common/shape.validators.js';
import type { ConnectionState, Network } from '../realtime/oversight.js';

const ID = '0193a1c8-6f0e-7c3a-9b1d-2f4e6a8c0d12';
const TIME = '2026-11-21T12:00:00.000Z';

export class ConnectedUserBody {
  @Example(ID)
  @IsUUID()
  id: string;

  @Example(42)
  @IsInt()
  number: number;

  @Example('ann')
  @IsString()
  username: string;
}

/** A connection as an admin sees it. */
export class ConnectionBody {
  @Example('0193a1c9-1d2e-7f00-8a6b-5c4d3e2f1a0b')
  @IsUUID()
  id: string;

  /** The node to which it is. */
  @Example('0193a1c0-0a0b-7c0d-8e0f-101112131415')
  @IsUUID()
  node: string;

  @Example('flat')
  @IsString()
  dialect: string;

  @Example('websocket')
  @IsIn(['websocket', 'polling'])
  transport: 'websocket' | 'polling';

  /** Null for a guest, who watches a public dashboard. */
  @Nullable()
  @IsObjectOf(() => ConnectedUserBody)
  user: ConnectedUserBody | null;

  @Example(TIME)
  @IsISO8601()
  since: string;

  /** Where its token was, or the header that named its user. Null for a guest. */
  @Example('authorization')
  @Nullable()
  @IsIn(['authorization', 'auth', 'token', 'access_token', 'subprotocol', 'user-email'])
  signed_in_by: string | null;

  /** From where the TCP peer comes, which may be a proxy. Addresses are kept nowhere. */
  @Example('private')
  @IsIn(['loopback', 'private', 'public'])
  network: Network;

  /** As the client says it, up to 200 characters. */
  @Example('okhttp/4.12.0')
  @Nullable()
  @IsString()
  user_agent: string | null;

  @Example(['ack', 'resume'])
  @IsArray()
  @ArrayUnique()
  @IsIn(['ack', 'resume', 'edits'], { each: true })
  extensions: string[];

  /** Whether its client, once it is back, can go on from the last offset that it has heard. */
  @Example(true)
  @IsIn([true, false])
  resumable: boolean;

  /** How many it has entered. */
  @Example(3)
  @IsInt()
  conversations: number;

  /** Frames from its client. */
  @Example(17)
  @IsInt()
  received: number;

  /** Frames for its client. */
  @Example(240)
  @IsInt()
  sent: number;

  /** What its client has not read yet; at `SEND_BUFFER_BYTES` it is disconnected. */
  @Example(0)
  @IsInt()
  unread_bytes: number;
}

export class ConnectionsBody extends SurveyPage {
  @IsListOf(() => ConnectionBody)
  data: ConnectionBody[];
}

export class DisconnectedBody {
  @Example(ID)
  @IsUUID()
  user_id: string;

  /** How many connections the user had, as far as this node knew. */
  @Example(2)
  @IsInt()
  connections: number;
}

/** How late the event loop was, in milliseconds, during the last minute at most. */
export class EventLoopDelayBody {
  @Example(0.4)
  @IsNumber()
  p50: number;

  @Example(6.1)
  @IsNumber()
  p99: number;

  @Example(18.3)
  @IsNumber()
  max: number;
}

export class NodeBody {
  @Example('0193a1c0-0a0b-7c0d-8e0f-101112131415')
  @IsUUID()
  id: string;

  /** The machine, container or pod. */
  @Example('parlance-5d9c7b6f4-x2x7k')
  @IsString()
  host: string;

  @Example('0.1.0')
  @IsString()
  version: string;

  @Example(TIME)
  @IsISO8601()
  since: string;

  @Example(1200)
  @IsInt()
  connections: number;

  @IsObjectOf(() => EventLoopDelayBody)
  event_loop_delay_ms: EventLoopDelayBody;

  /** `none` where there is no `REDIS_URL`; `away`: other nodes are not heard now. */
  @Example('ok')
  @IsIn(['ok', 'away', 'none'])
  bus: 'ok' | 'away' | 'none';

  /** `ok`, or what is wrong with it. */
  @Example('ok')
  @IsString()
  database: string;
}

export class NodesBody extends SurveyPage {
  @IsListOf(() => NodeBody)
  data: NodeBody[];
}

/** @param state with the node where the connection is */
export function presentConnection({ node, ...state }: ConnectionState & { readonly node: string }): ConnectionBody {
  return {
    id: state.id,
    node,
    dialect: state.dialect,
    transport: state.carriedBy,
    user: state.user,
    since: state.since,
    signed_in_by: state.signedInBy,
    network: state.network,
    user_agent: state.userAgent,
    extensions: [...state.extensions],
    resumable: state.extensions.includes('resume'),
    conversations: state.conversations,
    received: state.received,
    sent: state.sent,
    unread_bytes: state.unread,
  };
}
