import { Skeleton } from '@mantine/core';
import { t } from '#strings/strings.ts';

const WIDTHS = [58, 42, 66, 50, 61, 45];

export function RowSkeletons() {
  return (
    <div role="status" aria-label={t.loading}>
      {WIDTHS.map((width) => (
        <div key={width} style={{ display: 'flex', gap: 12, padding: '12px 16px', height: 82 }}>
          <Skeleton height={36} circle />
          <div style={{ flex: 1 }}>
            <Skeleton height={11} width={`${width}%`} mt={5} radius="sm" />
            <Skeleton height={9} width="92%" mt={12} radius="sm" />
            <Skeleton height={9} width={`${width - 20}%`} mt={9} radius="sm" />
          </div>
        </div>
      ))}
    </div>
  );
}
