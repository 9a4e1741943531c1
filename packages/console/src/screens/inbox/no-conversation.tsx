import { IconMessages } from '@tabler/icons-react';
import { t } from '#strings/strings.ts';
import { Empty } from '#ui/empty.tsx';

export function NoConversation() {
  return (
    <div>
      <Empty
        icon={<IconMessages size={22} stroke={1.7} />}
        title={t.empty.conversation.title}
        text={t.empty.conversation.text}
      />
    </div>
  );
}
