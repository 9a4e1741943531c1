import { useParams } from '@tanstack/react-router';
import { useList } from '#data/admin.ts';
import { useAdapters } from '#data/desks.ts';
import { Loaded, Page } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { BackToDesks, Connect } from './connect.tsx';
import { DeskList } from './desk-list.tsx';
import { DeskPage } from './desk-page.tsx';

const words = t.settings.desks;

/** Settings → Desks: what is connected, one of them, or connecting one (`new`). */
export function Desks() {
  const { item } = useParams({ strict: false });
  const adapters = useAdapters();
  const integrations = useList('integrations');
  if (item === undefined) return <DeskList adapters={adapters} integrations={integrations} />;
  if (item === 'new') return <Connect adapters={adapters} />;
  const known = integrations.data && adapters.data;
  const desk = integrations.data?.find(({ id, side }) => id === item && side === 'desk');
  const adapter = desk && adapters.data?.find(({ kind }) => kind === desk.kind);
  if (desk && adapter) return <DeskPage key={desk.id} desk={desk} adapter={adapter} />;
  return (
    <Page title={t.settings.sections.desks} text={known ? words.gone : ''} back={<BackToDesks />}>
      {adapters.error ? (
        <Loaded query={adapters}>{() => null}</Loaded>
      ) : (
        <Loaded query={integrations}>{() => null}</Loaded>
      )}
    </Page>
  );
}
