"""Learning from the base: guided paths, a glossary, questions made from the records, and spaced repetition.

Everything here is a pure function of a snapshot or of the files in `learning/`. Paths name what they show by id and
never copy it; questions are generated and checked when the snapshot is built; the state of a learner is never kept.
"""
