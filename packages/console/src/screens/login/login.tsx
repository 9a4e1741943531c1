import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiProblem, sayError } from '#data/api.ts';
import { useLogin } from '#data/session.ts';
import { t } from '#strings/strings.ts';
import { lengthOf } from '#ui/duration.ts';
import { Mark } from '#ui/mark.tsx';
import classes from './login.module.css';

export function Login() {
  const { to, why } = useSearch({ from: '/login' });
  const login = useLogin();
  const navigate = useNavigate();
  const [missing, setMissing] = useState(false);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get('email')).trim();
    const password = String(form.get('password'));
    setMissing(!email || !password);
    if (email && password)
      login.mutate({ email, password }, { onSuccess: () => navigate({ to: to ?? '/', replace: true }) });
  };

  const problem = missing ? t.login.missing : login.error ? sayLoginError(login.error) : undefined;
  const notice = why === 'ended' ? t.login.ended : why === 'link' ? t.login.linkFailed : undefined;
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit} noValidate>
        <Mark size={40} />
        <h1 className={classes.title}>{t.login.title}</h1>
        {notice && !problem && <p className={classes.notice}>{notice}</p>}
        <TextInput name="email" type="email" label={t.login.email} autoComplete="username" autoFocus size="md" />
        <PasswordInput name="password" label={t.login.password} autoComplete="current-password" size="md" />
        <p className={classes.problem} role="alert" hidden={!problem}>
          <IconAlertCircle size={16} stroke={2} aria-hidden />
          {problem}
        </p>
        <Button type="submit" size="md" fullWidth loading={login.isPending}>
          {t.login.submit}
        </Button>
        <p className={classes.forgotten}>{t.login.forgotten}</p>
      </form>
    </main>
  );
}

function sayLoginError(error: Error): string {
  if (!(error instanceof ApiProblem)) return sayError(error);
  if (error.status === 429) return t.login.throttled(lengthOf((error.retryAfterSeconds ?? 60) * 1_000));
  if (error.code === 'login_failed') return t.login.failed;
  return sayError(error);
}
