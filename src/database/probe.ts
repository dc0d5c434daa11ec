import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { poolOf } from './prepared.js';

/** Milliseconds after which a database that has not answered is said not to. */
const PATIENCE = 1_000;

/** Asks whether the database could store something now; however many ask, it is asked once at a time. */
@Injectable()
export class DatabaseProbe {
  private asking: Promise<string | undefined> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** What is wrong, in words that name no secret; nothing when nothing is. Answered within a second. Never rejects. */
  problem(): Promise<string | undefined> {
    this.asking ??= this.ask(poolOf(this.dataSource)).finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(pool: Pool): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const impatience = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(isFull(pool) ? 'has every connection in use' : 'does not answer'), PATIENCE);
    });
    try {
      return await Promise.race([answerOf(pool), impatience]);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function answerOf(pool: Pool): Promise<string | undefined> {
  try {
    const { rows } = await pool.query<{ readOnly: string }>(
      `SELECT current_setting('transaction_read_only') AS "readOnly"`,
    );
    return rows[0]?.readOnly === 'on' ? 'is read-only' : undefined;
  } catch (error) {
    return reasonOf(error as Error & { code?: unknown });
  }
}

/** Not the driver's own words, which may name the address and the user. */
function reasonOf({ code }: { code?: unknown }): string {
  const text = typeof code === 'string' ? code : '';
  if (text === 'ECONNREFUSED') return 'refuses connections';
  if (text === '57P03') return 'is starting up or shutting down';
  if (text === '53300') return 'has no connection left';
  if (text.startsWith('28') || text.startsWith('3D')) return 'does not let this server in';
  return 'does not answer';
}

function isFull({ totalCount, idleCount, options: { max } }: Pool): boolean {
  return idleCount === 0 && totalCount >= max;
}
