import { useNetwork } from '@mantine/hooks';
import { IconCheck, IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import classes from './line-banner.module.css';

/** A short break is not worth a word: most end before anybody would have noticed. */
const SAY_AFTER_MS = 1_200;
const BACK_SHOWN_MS = 3_500;

/** Says when the line to the hub is down, and when everything is caught up again. */
export function LineBanner() {
  const link = usePicture((state) => state.link);
  const { online } = useNetwork();
  const [shown, setShown] = useState<'lost' | 'returned' | null>(null);

  useEffect(() => {
    if (link.state === 'lost') {
      const timer = setTimeout(() => setShown('lost'), SAY_AFTER_MS);
      return () => clearTimeout(timer);
    }
    if (link.state !== 'live') return;
    setShown((before) => (before === 'lost' ? 'returned' : null));
    const timer = setTimeout(() => setShown(null), BACK_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [link]);

  return (
    <div className={classes.place} role="status">
      {shown === 'lost' && (
        <p className={classes.lost}>
          <IconPlugConnectedX size={16} aria-hidden />
          {online ? t.link.lost : t.link.offline}
        </p>
      )}
      {shown === 'returned' && (
        <p className={classes.returned}>
          <IconCheck size={16} aria-hidden />
          {t.link.returned}
        </p>
      )}
    </div>
  );
}
