import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem } from '#data/api.ts';
import { createConsoleRouter } from './routes.tsx';
import { theme, variables } from './theme.ts';

/** The same key as in public/scheme.js, which sets the scheme before the first paint. */
const schemes = localStorageColorSchemeManager({ key: 'baton.scheme' });

export function App() {
  const [queries] = useState(createQueries);
  const [router] = useState(() => createConsoleRouter(queries));
  return (
    <QueryClientProvider client={queries}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        colorSchemeManager={schemes}
      >
        {/* Below the header: neither its buttons nor the field that somebody types in are covered. */}
        <Notifications position="top-center" limit={3} containerWidth={380} className="notices" />
        <RouterProvider router={router} />
      </MantineProvider>
    </QueryClientProvider>
  );
}

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // What the hub refuses it will refuse again.
        retry: (failures, error) => !(error instanceof ApiProblem) && failures < 2,
      },
    },
  });
}
