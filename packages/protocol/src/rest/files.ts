import { FileRef } from '#parts.ts';
import { op } from './table.ts';

export const File = FileRef.extend({}).meta({
  id: 'File',
  description: 'An uploaded file. Its url is unguessable and needs no login.',
});

export const fileOps = {
  uploadFile: op({
    method: 'POST',
    path: '/v1/files',
    tag: 'Files',
    access: ['conversations:write'],
    summary: 'Upload a file',
    description: 'One file as multipart/form-data. Then say it: a part `{"type":"file","file":{"id":"fil_..."}}`.',
    multipart: true,
    answers: { 201: File },
    problems: ['file_too_large', 'file_type'],
  }),
};
