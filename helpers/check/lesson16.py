"""Checks of lesson 16: new heads, frozen layers, resized images, honest splits, forgetting, batch norm; in four files."""

from helpers.check import lesson16_head as _head
from helpers.check import lesson16_images as _images
from helpers.check import lesson16_steps as _steps
from helpers.check import lesson16_tables as _tables

# in the order of the lesson, as check.progress() lists them
to_head = _head.to_head
from_head = _head.from_head
frozen_step = _steps.frozen_step
head_parameters = _head.head_parameters
freeze = _head.freeze
forgotten = _tables.forgotten
to_source = _images.to_source
split_by_origin = _tables.split_by_origin
labels_needed = _tables.labels_needed
batch_norm = _steps.batch_norm
