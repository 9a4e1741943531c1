import { labelsOfKeys } from '#data/keys.ts';
import { t } from '#strings/strings.ts';
import classes from './keys.module.css';

const mac = typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.platform);

/** Keys as they look on the keyboard. On a button they are decoration; `spoken` where they are the content. */
export function Keys({ keys, spoken = false }: { keys: string; spoken?: boolean }) {
  return (
    <span className={classes.keys} aria-hidden={!spoken}>
      {labelsOfKeys(keys, mac).map((press, at) => (
        <span key={press.join('+')} className={classes.press}>
          {at > 0 && <span className={classes.then}>{t.help.followedBy}</span>}
          {press.map((key) => (
            <kbd key={key} className={classes.key}>
              {key}
            </kbd>
          ))}
        </span>
      ))}
    </span>
  );
}
