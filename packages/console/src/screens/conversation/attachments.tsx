import { ActionIcon, Loader } from '@mantine/core';
import { IconAlertCircle, IconFile, IconX } from '@tabler/icons-react';
import { t } from '#strings/strings.ts';
import { sizeOf } from '#ui/duration.ts';
import classes from './composer.module.css';
import type { useAttachments } from './use-attachments.ts';

/** The files of what is being written. */
export function Attachments({ files }: { files: ReturnType<typeof useAttachments> }) {
  if (files.all.length === 0) return null;
  return (
    <ul className={classes.files}>
      {files.all.map((one) => (
        <li key={one.key} className={classes.file} data-failed={one.state === 'failed' || undefined}>
          {one.state === 'uploading' ? (
            <Loader size={14} aria-label={t.composer.uploading} />
          ) : one.state === 'failed' ? (
            <IconAlertCircle size={16} aria-hidden />
          ) : (
            <IconFile size={16} aria-hidden />
          )}
          <span className={classes.fileName} dir="auto">
            {one.name}
          </span>
          <span className={classes.fileSize}>
            {one.state === 'failed' ? `${t.composer.uploadFailed}: ${one.message}` : sizeOf(one.size)}
          </span>
          <ActionIcon size="xs" aria-label={t.composer.removeFile(one.name)} onClick={() => files.remove(one.key)}>
            <IconX size={13} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
