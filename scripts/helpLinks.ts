import { fileAddress } from './repository';

/** The texts of a task.json that may hold links. */
interface Helpful {
  readonly helpMarkDown?: string;
  readonly inputs?: readonly { readonly helpMarkDown?: string }[];
}

/**
 * Makes the links in a task's help lead somewhere: in the repository they are relative to its root, in the editors of
 * Azure DevOps only whole addresses work. Without a repository they are left out, so that none leads nowhere.
 *
 * @param repository - Its address as people open it, such as `https://github.com/owner/name`.
 */
export function withHelpLinks<T extends object>(definition: T, repository: string | undefined): T {
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

const linked = (help: string, repository: string | undefined): string =>
  help.replace(/ ?\[([^\]]+)\]\((?!https:)([^)]+)\)/g, (link, text: string, target: string) =>
    repository === undefined
      ? ''
      : `${/^ ?/.exec(link)?.[0] ?? ''}[${text}](${fileAddress(repository, target)})`,
  );
