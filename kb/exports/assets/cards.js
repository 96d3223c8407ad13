// When a card of the revision is due again, on the static site: the published formulas of FSRS, with the numbers of the Python
// scheduler (`kb.learning.cards`) as data. tests/agreement holds both to the same next states.
((root) => {
  "use strict";
  const DAY = 86_400_000;
  const LEARNING = 1;
  const REVIEW = 2;
  const RELEARNING = 3;
  const RATINGS = { again: 1, hard: 2, good: 3, easy: 4 };

  root.kbCards = class {
    // `model`: parameters, retention, learning and relearning (minutes of each step), most (days).
    constructor(model) {
      this.w = model.parameters;
      this.model = model;
      this.decay = -this.w[20];
      this.factor = 0.9 ** (1 / this.decay) - 1;
    }

    firstDifficulty(grade) { return this.w[4] - Math.exp(this.w[5] * (grade - 1)) + 1; }

    nextDifficulty(difficulty, grade) {
      const moved = difficulty - (this.w[6] * (grade - 3) * (10 - difficulty)) / 9;
      return Math.min(10, Math.max(1, this.w[7] * this.firstDifficulty(RATINGS.easy) + (1 - this.w[7]) * moved));
    }

    nextStability(card, grade, days) {
      const w = this.w;
      const { stability: s, difficulty: d } = card;
      if (days < 1) {
        const growth = Math.exp(w[17] * (grade - 3 + w[18])) * s ** -w[19];
        return s * (grade > 1 ? Math.max(growth, 1) : growth);
      }
      const recalled = (1 + (this.factor * days) / s) ** this.decay;
      if (grade === RATINGS.again) {
        const long = w[11] * d ** -w[12] * ((s + 1) ** w[13] - 1) * Math.exp((1 - recalled) * w[14]);
        return Math.min(long, s / Math.exp(w[17] * w[18]));
      }
      const scale = grade === RATINGS.hard ? w[15] : grade === RATINGS.easy ? w[16] : 1;
      return s * (1 + Math.exp(w[8]) * (11 - d) * s ** -w[9] * (Math.exp((1 - recalled) * w[10]) - 1) * scale);
    }

    interval(stability) {
      const days = (stability / this.factor) * (this.model.retention ** (1 / this.decay) - 1);
      const whole = Math.round(days);
      const even = days % 1 === 0.5 && whole % 2 ? whole - 1 : whole;
      return Math.min(Math.max(even, 1), this.model.most) * DAY;
    }

    // The next state of a card (null for one never seen) rated at `now`, a time in milliseconds.
    review(card, rating, now = Date.now()) {
      const grade = RATINGS[rating];
      const held = card ?? { card_id: 0, state: LEARNING, step: 0, stability: null, difficulty: null, last_review: null };
      const last = held.last_review === null ? now : Math.min(Date.parse(held.last_review), now);
      const next = { ...held };
      if (held.stability === null) {
        next.stability = Math.max(this.w[grade - 1], 0.001);
        next.difficulty = Math.min(10, Math.max(1, this.firstDifficulty(grade)));
      } else {
        next.stability = Math.max(this.nextStability(held, grade, Math.floor((now - last) / DAY)), 0.001);
        next.difficulty = this.nextDifficulty(held.difficulty, grade);
      }
      const wait = this.wait(next, grade);
      return { ...next, due: new Date(now + wait).toISOString(), last_review: new Date(now).toISOString() };
    }

    // Moves the card on among its steps and gives the time until it is due, in milliseconds.
    wait(card, grade) {
      const steps = card.state === LEARNING ? this.model.learning : this.model.relearning;
      const minutes = (n) => n * 60_000;
      if (card.state === REVIEW) {
        if (grade > 1 || !steps.length) return this.interval(card.stability);
        card.state = RELEARNING;
        card.step = 0;
        return minutes(steps[0]);
      }
      const done = !steps.length || (card.step >= steps.length && grade > 1) || grade === RATINGS.easy
        || (grade === RATINGS.good && card.step + 1 === steps.length);
      if (done) {
        card.state = REVIEW;
        card.step = null;
        return this.interval(card.stability);
      }
      if (grade === RATINGS.again) card.step = 0;
      if (grade === RATINGS.good) card.step += 1;
      if (grade === RATINGS.hard && card.step === 0) return minutes(steps.length > 1 ? (steps[0] + steps[1]) / 2 : steps[0] * 1.5);
      return minutes(steps[card.step]);
    }

    preview(card, now = Date.now()) {
      return Object.fromEntries(Object.keys(RATINGS).map((rating) => [rating, this.review(card, rating, now).due]));
    }
  };
})(typeof window === "undefined" ? globalThis : window);
