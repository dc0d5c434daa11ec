import { byId, Choice, onPress, onSubmit, say } from './dom.js';

/** Signing in, registering and signing out. */
export class AccountPanel {
  #session;
  #form = byId('account-form');
  #purpose = new Choice('purpose', () => this.#show());

  constructor(session) {
    this.#session = session;
  }

  start() {
    const error = byId('account-error');
    onSubmit('account-form', error, () => this.#submit());
    onPress('sign-out', error, () => this.#session.signOut());
    this.#session.addEventListener('change', () => this.#show());
    this.#show();
  }

  async #submit() {
    const { email, password, full_name } = Object.fromEntries(new FormData(this.#form));
    if (this.#registering) await this.#session.register({ email, password, ...(full_name && { full_name }) });
    else await this.#session.signIn({ email, password });
    this.#form.reset();
  }

  get #registering() {
    return this.#purpose.value === 'register';
  }

  #show() {
    const { user } = this.#session;
    this.#form.hidden = Boolean(user);
    byId('account-user').hidden = !user;
    byId('full-name-field').hidden = !this.#registering;
    byId('password').autocomplete = this.#registering ? 'new-password' : 'current-password';
    byId('account-submit').textContent = this.#registering ? 'Register' : 'Sign in';
    say(byId('account-error'));
    if (!user) return;
    const name = user.full_name || user.username;
    byId('account-initial').textContent = Array.from(name)[0].toUpperCase();
    byId('account-name').textContent = name;
    byId('account-email').textContent = user.email;
  }
}
