import { fileAddress, type Repository } from './repository';

/** The texts of a task.json that can contain links. */
interface Helpful {
  readonly helpMarkDown?: string;
  readonly inputs?: readonly { readonly helpMarkDown?: string }[];
}

/**
 * Makes the links in a task's help work in the editors of Azure DevOps, which only support absolute URLs. In the
 * source, they are relative to the root of the repository. Without a repository, they are omitted.
 */
export function withHelpLinks<T extends object>(definition: T, repository: Repository | undefined): T {
  const { helpMarkDown, inputs } = definition as Helpful;
  return {
    ...definition,
    ...(helpMarkDown !== undefined && { helpMarkDown: linked(helpMarkDown, repository) }),
    ...(inputs && {
      inputs: inputs.map((input) =>
        input.helpMarkDown === undefined
          ? input
          : { ...input, helpMarkDown: linked(input.helpMarkDown, repository) },
      ),
    }),
  };
}

const linked = (help: string, repository: Repository | undefined): string =>
  help.replace(/ ?\[([^\]]+)\]\((?!https:)([^)]+)\)/g, (link, text: string, target: string) =>
    repository === undefined
      ? ''
      : `${/^ ?/.exec(link)?.[0] ?? ''}[${text}](${fileAddress(repository, target)})`,
  );
