import { Redis, type RedisOptions } from 'ioredis';

const OPTIONS: RedisOptions = {
  lazyConnect: true,
  connectionName: 'parlance',
  connectTimeout: 3_000,
  // What cannot be sent now is not sent: a queue would only bring it late, and grow.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
};

/**
 * A connection to Redis, once it is asked to connect. A lost one comes back by itself, without its subscriptions; commands
 * meanwhile are refused at once.
 */
export function redisConnection(url: string, options: RedisOptions = {}): Redis {
  return new Redis(url, { ...OPTIONS, ...options });
}
