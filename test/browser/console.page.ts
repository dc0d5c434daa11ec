import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

export type DialectName = 'channels' | 'tribe' | 'flat';

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
      // A channel that is looked for before it is made is a 404, which browsers report as well.
      const isAnswer = message.text().startsWith('Failed to load resource');
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

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  get state(): Locator {
    return this.page.getByRole('status');
  }

  get messages(): Locator {
    return this.page.getByRole('log').getByRole('listitem');
  }

  get statistics(): Locator {
    return this.page.getByRole('region', { name: 'Statistics' });
  }

  /** The frames of one direction that hold `text`. */
  frames(direction: 'sent' | 'received', text: string | RegExp): Locator {
    const frames = this.page.getByRole('region', { name: 'Frames' }).getByRole('listitem');
    return frames.filter({ hasText: direction }).filter({ hasText: text });
  }

  /** @returns the access token that the page was given */
  async register(email: string, fullName: string): Promise<string> {
    await this.page.getByRole('radio', { name: 'Register' }).check();
    await this.page.getByLabel('Full name').fill(fullName);
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill('correct horse battery');
    const answer = this.page.waitForResponse('**/auth/register');
    await this.button('Register').click();
    await this.button('Sign out').waitFor();
    const { access_token } = (await (await answer).json()) as { access_token: string };
    return access_token;
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.button('Sign in').click();
    await this.button('Sign out').waitFor();
  }

  async connect(dialect: DialectName): Promise<void> {
    await this.page.getByRole('radio', { name: dialect }).check();
    await this.button('Connect').click();
    await this.state.getByText('Connected').waitFor();
  }

  async openConversation(name: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Channel' }).fill(name);
    await this.button('Open').click();
    await this.page.getByRole('heading', { name, exact: true }).waitFor();
  }

  /** Opens a conversation and enters it, by the button that the dialect has for that. */
  async enter(name: string, button: string): Promise<void> {
    await this.openConversation(name);
    await this.button(button).click();
    await this.page.getByText('Listening', { exact: true }).waitFor();
  }

  async send(content: string, over: 'REST' | 'Socket' = 'REST'): Promise<void> {
    await this.page.getByRole('radio', { name: over }).check();
    await this.page.getByRole('textbox', { name: 'Message' }).fill(content);
    await this.button('Send').click();
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
