import { Button, Loader } from '@mantine/core';
import type { Timeline } from '#data/state.ts';
import { t } from '#strings/strings.ts';

/** Above the first event that is here: the start, or what comes next when one reads back. */
export function TimelineEdge({
  height,
  start,
  older,
  onRetry,
}: {
  height: number;
  start: boolean;
  older: Timeline['older'];
  onRetry: () => void;
}) {
  return (
    <div style={{ display: 'grid', placeItems: 'center', height, color: 'var(--faint)', fontSize: '0.75rem' }}>
      {start ? (
        <span className="visually-hidden">{t.timeline.start}</span>
      ) : older === 'failed' ? (
        <span>
          {t.timeline.olderFailed}{' '}
          <Button size="compact-xs" variant="subtle" onClick={onRetry}>
            {t.retry}
          </Button>
        </span>
      ) : (
        <Loader size={16} aria-label={t.timeline.older} />
      )}
    </div>
  );
}
