import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useMatches, useNavigate, useRouteContext } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { Commands, CommandsContext } from '#data/commands.ts';
import { type Console, createConsole } from '#data/console.ts';
import { sessionQuery } from '#data/session.ts';
import { ConsoleContext } from '#data/use.ts';
import { Offers } from '#screens/offer/offers.tsx';
import { Help } from '#screens/palette/help.tsx';
import { Palette } from '#screens/palette/palette.tsx';
import { Alerts } from './alerts.tsx';
import { LineBanner } from './line-banner.tsx';
import { ResolvingBar } from './resolving.tsx';
import classes from './shell.module.css';
import { useShellCommands } from './shell-commands.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { Sidebar } from './sidebar.tsx';

/** Everything behind the login: the connection lives as long as this is shown. */
export function Shell() {
  const { session } = useRouteContext({ from: '/shell' });
  const console = useConsoleOf(session.agent.id);
  const [commands] = useState(() => new Commands());
  if (!console) return null;
  return (
    <ConsoleContext value={console}>
      <CommandsContext value={commands}>
        <Workplace />
      </CommandsContext>
    </ConsoleContext>
  );
}

function Workplace() {
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const openPalette = useMemo(() => () => setPalette(true), []);
  useShellCommands(
    openPalette,
    useMemo(() => () => setHelp(true), []),
  );
  // On a small screen a conversation has it all to itself.
  const inside = useMatches({ select: (matches) => matches.some((match) => 'conversation' in match.params) });
  return (
    <div className={classes.shell} data-inside={inside || undefined}>
      <LineBanner />
      <Sidebar openPalette={openPalette} />
      <main className={classes.main}>
        <Outlet />
      </main>
      <Offers />
      <ResolvingBar />
      <Alerts />
      <Shortcuts />
      <Palette opened={palette} onClose={() => setPalette(false)} />
      <Help opened={help} onClose={() => setHelp(false)} />
    </div>
  );
}

/** One console per agent. It is made in an effect, so that React's double start in development leaves no second line. */
function useConsoleOf(agent: string): Console | null {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [console, setConsole] = useState<Console | null>(null);
  useEffect(() => {
    const made = createConsole(agent, () => {
      queries.setQueryData(sessionQuery.queryKey, null);
      void navigate({ to: '/login', search: { why: 'ended', to: location.pathname.replace(/^\/console/, '') || '/' } });
    });
    made.live.start();
    setConsole(made);
    return () => {
      made.live.stop();
      setConsole(null);
    };
  }, [agent, queries, navigate]);
  return console;
}
