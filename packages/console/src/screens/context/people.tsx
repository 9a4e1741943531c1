import type { Conversation, ConversationSummary } from '@baton/protocol';
import { usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { Face } from '#ui/face.tsx';
import classes from './panel.module.css';

/** Who answers and who reads along. */
export function People({
  row,
  participants,
}: {
  row: ConversationSummary;
  participants: Conversation['participants'];
}) {
  const team = usePicture((state) => state.team);
  const { holder } = row.control;
  return (
    <ul className={classes.list}>
      {holder !== 'agent' && (
        <li className={classes.person}>
          {holder === 'bot' && <Face seed={holder} name={null} size={22} kind="bot" />}
          {holder === 'nobody' && participants.length === 0 ? t.context.nobody : t.holder[holder]}
          {holder === 'bot' && <span className={classes.role}>{t.context.owner}</span>}
        </li>
      )}
      {participants.map(({ agent, role }) => (
        <li key={agent.id} className={classes.person}>
          <Face
            seed={agent.id}
            name={agent.name}
            picture={agent.avatarUrl}
            size={22}
            presence={team[agent.id]?.state}
          />
          <span dir="auto">{agent.name}</span>
          <span className={classes.role}>{role === 'owner' ? t.context.owner : t.context.watcher}</span>
        </li>
      ))}
    </ul>
  );
}
