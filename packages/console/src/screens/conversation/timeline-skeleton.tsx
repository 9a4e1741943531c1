import { Skeleton } from '@mantine/core';
import { t } from '#strings/strings.ts';

const BUBBLES = [
  { width: 240, right: false },
  { width: 340, right: true },
  { width: 180, right: false },
  { width: 280, right: true },
  { width: 300, right: false },
] as const;

export function TimelineSkeleton() {
  return (
    <div
      role="status"
      aria-label={t.loading}
      style={{
        display: 'flex',
        flex: 1,
        flexDirection: 'column',
        justifyContent: 'flex-end',
        gap: 16,
        padding: '20px 28px',
        minHeight: 0,
        overflow: 'hidden',
      }}
    >
      {BUBBLES.map(({ width, right }) => (
        <Skeleton
          key={width}
          height={44}
          width={width}
          maw="80%"
          radius={14}
          style={{ alignSelf: right ? 'flex-end' : 'flex-start' }}
        />
      ))}
    </div>
  );
}
