import type { Pane } from './pane.js';

/** Who types, and what status people have, as far as the pane's dialect tells. */
export function CompanyView({ pane }: { readonly pane: Pane }) {
  const typing = pane.company.typing.value;
  const statuses = [...pane.company.statuses.value];
  if (typing.length === 0 && statuses.length === 0) return null;
  return (
    <p class="company" aria-live="off">
      {typing.length > 0 && <span class="typing">{typing.join(', ')} typing …</span>}
      {statuses.map(([name, status]) => (
        <span key={name} class="presence" data-status={status}>
          {name}: {status}
        </span>
      ))}
    </p>
  );
}
