import { randomBytes } from 'node:crypto';

/** What a person still has to do before they are logged in. */
export interface LoginStep {
  readonly sub: string;
  readonly kind: 'newPassword' | 'resetCode' | 'signUpCode';
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export interface LoginSteps {
  begin(step: LoginStep): string;
  /** The step stays: a password that is refused may be typed again. */
  find(id: string, now: number): LoginStep | undefined;
  end(id: string): void;
}

export const makeLoginSteps = (): LoginSteps => {
  const steps = new Map<string, LoginStep>();
  return {
    begin: (step) => {
      const id = randomBytes(32).toString('base64url');
      steps.set(id, step);
      return id;
    },
    find: (id, now) => {
      const step = steps.get(id);
      return step !== undefined && now < step.expiresAt ? step : undefined;
    },
    end: (id) => void steps.delete(id),
  };
};
