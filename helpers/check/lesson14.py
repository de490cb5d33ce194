"""Checks of lesson 14: dropout, early stopping, shifted and augmented images, smoothed labels; in four files."""

from helpers.check import lesson14_dropout as _dropout
from helpers.check import lesson14_images as _images
from helpers.check import lesson14_labels as _labels
from helpers.check import lesson14_stopping as _stopping

# in the order of the lesson, as check.progress() lists them
kept_activation = _dropout.kept_activation
dropout = _dropout.dropout
dropout_gradient = _dropout.dropout_gradient
early_stop = _stopping.early_stop
shift_image = _images.shift_image
enlarge = _images.enlarge
smooth_labels = _labels.smooth_labels
smoothing_floor = _labels.smoothing_floor
best_remedy = _stopping.best_remedy
