"""Checks of lesson 09: convolution and pooling, and how to judge a model fairly; each half has a file of its own."""

from helpers.check import lesson09_convolution as _first
from helpers.check import lesson09_evaluation as _second

# in the order of the lesson, as check.progress() lists them
convolve = _first.convolve
conv_parameters = _first.conv_parameters
output_size = _first.output_size
max_pool = _first.max_pool
confusion = _second.confusion
precision_recall = _second.precision_recall
macro_f1 = _second.macro_f1
accuracy_interval = _second.accuracy_interval
digits_needed = _second.digits_needed
better = _second.better
