import type { Report } from '../model';
import { toCsv } from './csv';
import { FILES } from './fileNames';
import { toHtml } from './html';
import { toJson } from './json';
import { toSvg } from './svg';

/** A file of the report: its name, and its text in UTF-8. */
export interface ReportFile {
  readonly name: string;
  readonly text: string;
}

/** Every file that a report becomes, the one with everything in it first. docs/report.md describes them. */
export const toFiles = (report: Report): readonly ReportFile[] => [
  { name: FILES.json, text: toJson(report) },
  { name: FILES.csv, text: toCsv(report) },
  { name: FILES.html, text: toHtml(report) },
  { name: FILES.svg, text: toSvg(report) },
];
