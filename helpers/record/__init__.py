"""Experiments that take too long for a lesson: recorded once into `data/NAME.csv`, drawn from there in the lesson.

    python -m helpers.record [NAME] [--fresh]

An experiment is a module of this package, of its name, with SETTINGS (a list of dicts), RESULTS (the names of what is
measured) and `run(**setting)`, which returns them. `engine.record` runs what is missing in the file.
"""

EXPERIMENTS = (
    "learning_rates",
    "batch_sizes",
    "keras_line",
    "judged",
    "transfer",
    "mnist_epochs",  # these three last: the full set, or photos, may have to be downloaded
    "regularization",
    "photos",
)
