export type Environment = 'production' | 'development';
