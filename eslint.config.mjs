import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Who may import what stands in scripts/borders/parts.ts. What needs no import is refused here. */
const nothingAmbient = {
  'no-restricted-globals': [
    'error',
    ...['process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'console'].map((name) => ({
      name,
      message: 'Only the folders named host may touch timers, the process or the network.',
    })),
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
      message: 'Time is a parameter, or comes from the clock.',
    },
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'Time is a parameter, or comes from the clock.',
    },
    {
      selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
      message: 'Chance is a parameter.',
    },
    {
      selector:
        "CallExpression[callee.property.name=/^(localeCompare|toLocale.*)$/], MemberExpression[object.name='Intl']",
      message: 'The data of a locale takes a tenth of the start, and differs by machine.',
    },
  ],
};

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', '.windows/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['tasks/**/*.ts', 'web/**/*.ts'],
    ignores: ['tasks/**/host/**', 'web/host/**'],
    rules: nothingAmbient,
  },
  {
    files: ['tasks/**/*.ts', 'web/**/*.ts'],
    rules: { 'no-useless-rename': 'error', 'object-shorthand': ['error', 'properties'] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  { files: ['scripts/**/*.ts', 'publishing/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
