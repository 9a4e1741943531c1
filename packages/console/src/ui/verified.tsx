import { IconRosetteDiscountCheckFilled } from '@tabler/icons-react';
import { t } from '#strings/strings.ts';

/** The customer's identity is proven, not claimed. */
export function Verified() {
  return (
    <span
      title={t.context.verifiedHint}
      role="img"
      aria-label={t.context.verified}
      style={{ display: 'inline-grid', flex: 'none', color: 'var(--accent)' }}
    >
      <IconRosetteDiscountCheckFilled size={17} aria-hidden />
    </span>
  );
}
