import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

export type DialectName = 'channels' | 'tribe' | 'flat' | 'pets' | 'socketio';

/** Milliseconds until what a test waits for is said not to come; longer than the statistics take to be asked for again. */
const PATIENCE = 10_000;

/** Waits until something shows. @throws when it does not, within the patience of a test */
export function expectToSee(what: Locator): Promise<void> {
  return what.waitFor();
}

/** The console in a browser, by what a person sees and does there. */
export class ConsolePage {
  /** What the browser complained about: errors of scripts, violations of the content security policy. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // An answer that is a refusal (a channel that is looked for before it is made, say) and a line that is cut are shown
      // in the page, and by browsers as well.
      const isAnswer = /^Failed to load resource|^WebSocket connection to/.test(message.text());
      if (message.type() === 'error' && !isAnswer) this.complaints.push(message.text());
    });
  }

  /** Opens the console in a profile of its own. */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ConsolePage> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(PATIENCE);
    const page = new ConsolePage(await context.newPage());
    await page.page.goto(url);
    return page;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** The pane of that number, from 1. */
  pane(number: number): PanePage {
    return new PanePage(this.page.getByRole('region', { name: `Pane ${number}:` }));
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Goes to one of the page's views. */
  async view(name: 'Talk' | 'Check-ins' | 'Statistics'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
  }

  get statistics(): Locator {
    return this.page.getByRole('main', { name: 'Statistics' });
  }

  get conversations(): Locator {
    return this.page.getByRole('region', { name: 'Conversations' });
  }

  get accounts(): Locator {
    return this.page.getByRole('region', { name: 'Accounts' });
  }

  /** Registers someone, beside whoever is signed in. @returns the access token that the page was given */
  async register(email: string, fullName: string, role = 'member'): Promise<string> {
    await this.askForAccount();
    await this.page.getByRole('radio', { name: 'Register' }).check();
    await this.page.getByLabel('Full name').fill(fullName);
    await this.page.getByLabel('Role').selectOption(role);
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill('correct horse battery');
    const answer = this.page.waitForResponse('**/auth/register');
    await this.button('Register').click();
    await this.button(`Sign out ${fullName}`).waitFor();
    const { access_token } = (await (await answer).json()) as { access_token: string };
    return access_token;
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.askForAccount();
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.button('Sign in').click();
    await this.accounts.getByText(email).waitFor();
  }

  private async askForAccount(): Promise<void> {
    const add = this.button('Add an account');
    await this.accounts.getByRole('button').or(this.page.getByLabel('E-mail')).first().waitFor();
    if (await add.isVisible()) await add.click();
  }

  async openConversation(name: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Channel' }).fill(name);
    await this.button('Open').click();
    await this.page.getByRole('heading', { name, exact: true }).waitFor();
  }

  /** On a phone one pane is seen at a time: brings it up. */
  async show(number: number): Promise<void> {
    const tab = this.page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: `${number} ` });
    if (await tab.isVisible()) await tab.click();
  }

  /** CSS pixels by which something is wider than the page. */
  overflow(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  /** Keeps a picture of the page for a person to look at. */
  async picture(name: string): Promise<void> {
    const path = fileURLToPath(new URL(`screenshots/${name}.png`, import.meta.url));
    await this.page.screenshot({ path, fullPage: true, animations: 'disabled' });
  }
}

/** A pane of the console: one user in one dialect. */
export class PanePage {
  constructor(readonly region: Locator) {}

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }

  get state(): Locator {
    return this.region.getByRole('status');
  }

  get messages(): Locator {
    return this.region.getByRole('log').getByRole('listitem');
  }

  get composer(): Locator {
    return this.region.locator('.composer');
  }

  /** The frames of one direction that hold `text`. */
  frames(direction: 'sent' | 'received' | 'note', text: string | RegExp): Locator {
    const frames = this.region.getByRole('region', { name: 'Frames', exact: true }).getByRole('listitem');
    return frames.filter({ hasText: direction }).filter({ hasText: text });
  }

  /** The message with that text. */
  message(text: string): Locator {
    return this.messages.filter({ hasText: text });
  }

  /** What says that the conversation is heard. */
  get listening(): Locator {
    return this.state.getByText('Listening', { exact: true });
  }

  get frameLog(): Locator {
    return this.region.getByRole('region', { name: /^Frames of pane/ });
  }

  async speak(dialect: DialectName): Promise<void> {
    await this.region.getByLabel('Dialect').selectOption(dialect);
  }

  /** Connects in the dialect that is chosen, or in that one. */
  async connect(dialect?: DialectName): Promise<void> {
    if (dialect) await this.speak(dialect);
    await this.button('Connect').click();
    await this.state.getByText('Connected').waitFor();
  }

  async become(name: string): Promise<void> {
    await this.region.getByLabel('User').selectOption({ label: name });
  }

  /** Enters the conversation, by the button that the dialect has for that. */
  async enter(button: string): Promise<void> {
    await this.button(button).click();
    await this.listening.waitFor();
  }

  async write(content: string): Promise<void> {
    await this.region.getByRole('textbox', { name: 'Message', exact: true }).fill(content);
  }

  /** Writes key by key, and does not send. */
  async type(keys: string): Promise<void> {
    await this.region.getByRole('textbox', { name: 'Message', exact: true }).pressSequentially(keys);
  }

  async send(content: string, over: 'REST' | 'Socket' = 'REST'): Promise<void> {
    await this.region.getByRole('radio', { name: over }).check();
    await this.write(content);
    await this.button('Send').click();
  }
}
