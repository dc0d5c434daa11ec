/** What REST answers, as `/docs` describes it: the parts that the console shows. */

export interface UserSummary {
  readonly id: string;
  readonly number: number;
  readonly username: string;
  readonly full_name: string;
}

export interface User extends UserSummary {
  readonly email: string;
  readonly role: string;
}

export interface Participant extends UserSummary {
  readonly last_read_seq: number;
}

export interface Message {
  readonly id: string;
  readonly number: number;
  readonly seq: number;
  readonly sender: UserSummary;
  readonly content: string;
  readonly created_at: string;
  readonly is_edited: boolean;
  readonly is_deleted: boolean;
}

export interface Conversation {
  readonly id: string;
  readonly number: number;
  readonly kind: 'direct' | 'group' | 'channel' | 'consultation';
  readonly slug: string | null;
  readonly title: string | null;
  readonly last_seq: number;
  readonly last_message: Message | null;
  readonly unread_count: number;
  readonly participants: readonly Participant[];
  readonly participant_count: number;
}

/** A part of a list; `next_cursor` asks for the next one. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

export interface EventSession {
  readonly id: string;
  readonly title: string;
  readonly dashboard_access: 'public' | 'host';
}

export interface CheckIn {
  readonly checkin_time: string;
  readonly message: string;
  readonly session_id: string;
  readonly success: boolean;
  readonly user_id: string;
  readonly user_name: string;
}

export interface Dashboard {
  readonly total: number;
  readonly refused: number;
  readonly per_minute: readonly { readonly minute: string; readonly count: number }[];
  readonly latest: readonly CheckIn[];
}

export interface SocketStatistics {
  readonly total_clients: number;
  /** Clients by the channel's slug. */
  readonly channels: Readonly<Record<string, number>>;
}
