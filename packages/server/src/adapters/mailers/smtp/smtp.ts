import { createTransport } from 'nodemailer';
import { AdapterFailure, type FailureKind } from '#ports/failure.ts';
import type { Letter, Mailer } from '#ports/mailer.ts';

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;
/** Holiday answers and other machines keep silent (RFC 3834; the second is Exchange's word for it). */
const FROM_A_MACHINE = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/** What nodemailer adds to its errors. */
interface SmtpError extends Error {
  /** ECONNECTION, ETIMEDOUT, ESOCKET, EDNS, ETLS, EAUTH, EENVELOPE, EMESSAGE ... */
  code?: string;
  /** The server's number, where it answered. */
  responseCode?: number;
  /** What was being said when it broke: CONN, AUTH PLAIN, MAIL FROM, RCPT TO, DATA ... */
  command?: string;
}

/** Sends over SMTP, a connection a letter: they are few. */
export function smtpMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = createTransport(
    {
      url,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      // Letters hold what strangers wrote: nothing of it names a file or an address to fetch.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send({ to, subject, text, id }: Letter) {
      try {
        // As an object an address stays one address, whatever is in it.
        await transport.sendMail({
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}>`,
          headers: FROM_A_MACHINE,
        });
      } catch (error) {
        throw failureOf(error as SmtpError);
      }
    },
  };
}

function failureOf(error: SmtpError): AdapterFailure {
  return new AdapterFailure(kindOf(error), `The mail server did not take it: ${error.message}`, { cause: error });
}

function kindOf({ code, responseCode, command }: SmtpError): FailureKind {
  if (code === 'EAUTH') return 'auth';
  if (responseCode !== undefined) return responseCode >= 500 ? 'rejected' : 'retry';
  if (code === 'EENVELOPE') return 'rejected';
  // The words had been handed over, and no answer came.
  return command === 'DATA' || code === 'EMESSAGE' ? 'uncertain' : 'retry';
}
