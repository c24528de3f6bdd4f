import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The borders of docs/architecture.md: who may import what. A breach is a lint error. */
const azureSdk = { group: ['@azure/*'], message: 'Only tasks/shared/azure may import the Azure SDK.' };
const world = {
  group: ['node:*', 'azure-pipelines-task-lib', 'azure-pipelines-task-lib/*', 'https-proxy-agent'],
  message: 'Only tasks/shared/host may touch the process, sockets, files or the agent.',
};
const outside = (...folders) => ({
  group: folders,
  message: 'This folder sits further in: it may not import what is built on top of it.',
});
const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const noAmbientWorld = {
  'no-restricted-globals': [
    'error',
    ...['process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'console'].map((name) => ({
      name,
      message: 'Only tasks/shared/host may touch timers, the process or the network.',
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
    files: ['tasks/**/*.ts'],
    ignores: ['tasks/shared/host/**', 'tasks/shared/azure/**'],
    rules: { ...restrict(azureSdk, world), ...noAmbientWorld },
  },
  {
    files: ['tasks/shared/core/**/*.ts'],
    rules: restrict(azureSdk, world, outside('**/azure/*', '**/host/*', '**/messages')),
  },
  {
    files: ['tasks/shared/azure/**/*.ts'],
    rules: { ...restrict(world, outside('**/host/*')), ...noAmbientWorld },
  },
  { files: ['tasks/shared/host/**/*.ts'], rules: restrict(azureSdk, outside('**/azure/*')) },
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
