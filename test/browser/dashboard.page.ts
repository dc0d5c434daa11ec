import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** Milliseconds until what a test waits for is said not to come. */
const PATIENCE = 10_000;

/** A session's dashboard in a browser, by what a person sees and does there. */
export class DashboardPage {
  /** What the browser complained about: errors of scripts, violations of the content security policy. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // An answer that is a refusal, and a connection that is lost, are for the page to deal with.
      const isAnswer = /^Failed to load resource|^WebSocket connection to/.test(message.text());
      if (message.type() === 'error' && !isAnswer) this.complaints.push(message.text());
    });
  }

  /** A page without an address yet, in a profile of its own. */
  static async prepare(browser: Browser, options: BrowserContextOptions = {}): Promise<DashboardPage> {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    context.setDefaultTimeout(PATIENCE);
    return new DashboardPage(await context.newPage());
  }

  async watch(url: string, session: string): Promise<void> {
    await this.page.goto(`${url}/api/v1/sessions/${session}/dashboard.html`);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Waits until the page says that it is `Live`, say. */
  async expectState(words: string): Promise<void> {
    await this.page.getByRole('status').getByText(words, { exact: true }).waitFor();
  }

  /** Waits until these are the figures. */
  async expectTotals(total: number, refused: number): Promise<void> {
    const totals = this.page.getByRole('region', { name: 'Totals' });
    await totals.getByText(`${total} checked in`, { exact: true }).waitFor();
    await totals.getByText(`${refused} refused`, { exact: true }).waitFor();
  }

  get latest(): Locator {
    return this.page.getByRole('region', { name: 'Latest' }).getByRole('listitem');
  }

  get curve(): Locator {
    return this.page.getByRole('img', { name: /^Check-ins per minute/ });
  }

  get signInButton(): Locator {
    return this.page.getByRole('button', { name: 'Sign in' });
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.signInButton.click();
  }

  /** CSS pixels by which something is wider than the page. */
  overflow(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  /** Keeps a picture of the page for a person to look at. */
  async picture(name: string): Promise<void> {
    const path = fileURLToPath(new URL(`screenshots/dashboard-${name}.png`, import.meta.url));
    await this.page.screenshot({ path, fullPage: true, animations: 'disabled' });
  }
}
