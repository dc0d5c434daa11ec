import { Injectable } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { CheckInsService } from '../check-ins.service.js';

const TEMPLATE = readFileSync(new URL('dashboard.html', import.meta.url), 'utf8');
const PLACE = '{{session}}';

/** The page for a big screen: the figures as they are now, which it keeps up to date from the dashboard's socket. */
@Injectable()
export class DashboardPage {
  constructor(private readonly checkIns: CheckInsService) {}

  /** The page with what is public of the session; the rest it asks for itself, once its host has signed in. @throws invalid, not_found */
  async render(sessionId: string): Promise<string> {
    const session = await this.checkIns.publicSession(sessionId);
    return TEMPLATE.replace(PLACE, () => toScriptData(session));
  }
}

/** JSON that no text within can end the script element of, or begin another in. */
function toScriptData(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
