import { useSignal } from '@preact/signals';
import { Choice } from '../ui/choice.js';
import { Failure } from '../ui/failure.js';
import { fieldsOf } from '../ui/fields.js';
import { useAttempt } from '../ui/use-attempt.js';
import type { Accounts, Credentials, Registration } from './accounts.js';

const ROLES = ['member', 'client', 'provider', 'host'];

/** Signing someone in, or registering them. */
export function AccountForm({ accounts, onDone }: { readonly accounts: Accounts; readonly onDone: () => void }) {
  const purpose = useSignal<'sign-in' | 'register'>('sign-in');
  const error = useSignal('');
  const { busy, attempt } = useAttempt(error);
  const isNew = purpose.value === 'register';

  const submit = async (form: HTMLFormElement): Promise<void> => {
    const { purpose: _, ...given } = fieldsOf(form);
    if (isNew) await accounts.register(given as unknown as Registration);
    else await accounts.signIn(given as unknown as Credentials);
    form.reset();
    onDone();
  };

  return (
    <form
      class="account-form"
      aria-busy={busy}
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(() => submit(event.currentTarget));
      }}
    >
      <Choice
        legend="Sign in or register"
        name="purpose"
        options={[
          { value: 'sign-in', text: 'Sign in' },
          { value: 'register', text: 'Register' },
        ]}
        value={purpose.value}
        onChange={(value) => {
          purpose.value = value;
          error.value = '';
        }}
      />
      {isNew && (
        <label class="field">
          Full name (optional)
          <input name="full_name" autocomplete="name" maxLength={200} />
        </label>
      )}
      <label class="field">
        E-mail
        <input name="email" type="email" autocomplete="username" required />
      </label>
      <label class="field">
        Password
        <input
          name="password"
          type="password"
          maxLength={200}
          autocomplete={isNew ? 'new-password' : 'current-password'}
          required
        />
      </label>
      {isNew && (
        <label class="field">
          Role
          <select name="role">
            {ROLES.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        </label>
      )}
      <button class="primary">{isNew ? 'Register' : 'Sign in'}</button>
      <Failure of={error} />
    </form>
  );
}
